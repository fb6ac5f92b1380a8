"""Users and rights on a running Kafka, through kafka-python: aiokafka has no call for either."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.access.rights import Operation, Resource, Right

_ANYWHERE = "*"
_OURS = {Operation(one): ACLOperation[one] for one in Operation}


@contextmanager
def cluster(options: Mapping[str, Any]) -> Iterator["Cluster"]:
    """Signed in as ``shared.brokers.access`` says."""
    client = KafkaAdminClient(**options, request_timeout_ms=20_000)
    try:
        yield Cluster(client)
    finally:
        client.close()


class Cluster:
    """What the one-shot job asks of Kafka. Each call may be repeated."""

    def __init__(self, client: KafkaAdminClient) -> None:
        self._client = client

    def set_passwords(self, passwords: Mapping[str, str], mechanism: str) -> None:
        """Make the users, or give those that are there this password for this mechanism."""
        kind = ScramMechanism[mechanism.replace("-", "_")]
        answers = self._client.alter_user_scram_credentials(
            [
                UserScramCredentialUpsertion(user, kind, password.encode())
                for user, password in passwords.items()
            ]
        )
        refused = {user: error for user, error in answers.items() if error}
        if refused:
            raise ValueError(f"Kafka refused these users: {refused}")

    def allow(self, rights: Iterable[Right]) -> None:
        acls = [_acl(right) for right in rights]
        if acls:
            answers = self._client.create_acls(acls)
            if answers["failed"]:
                raise ValueError(f"Kafka refused these rights: {answers['failed']}")

    def forbid(self, rights: Iterable[Right]) -> None:
        filters = [_acl(right) for right in rights]
        if filters:
            self._client.delete_acls(filters)

    def rights(self) -> set[Right | str]:
        """What is allowed now; in Kafka's words what we have no word for."""
        everything = ACLFilter(
            None,
            None,
            ACLOperation.ANY,
            ACLPermissionType.ANY,
            ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
        )
        found, _ = self._client.describe_acls(everything)
        return {_right(acl) for acl in found}


def _acl(right: Right) -> ACL:
    kind = ACLResourcePatternType.PREFIXED if right.prefixed else ACLResourcePatternType.LITERAL
    return ACL(
        f"User:{right.principal}",
        _ANYWHERE,
        _OURS[right.operation],
        ACLPermissionType.ALLOW,
        ResourcePattern(ResourceType[right.resource], right.name, kind),
    )


def _right(acl: ACL) -> Right | str:
    pattern = acl.resource_pattern
    try:
        right = Right(
            acl.principal.removeprefix("User:"),
            Operation(acl.operation.name),
            Resource(pattern.resource_type.name),
            pattern.resource_name,
            pattern.pattern_type is ACLResourcePatternType.PREFIXED,
        )
    except ValueError:
        return str(acl)
    ours = acl.permission_type is ACLPermissionType.ALLOW and acl.host == _ANYWHERE
    return right if ours else str(acl)
