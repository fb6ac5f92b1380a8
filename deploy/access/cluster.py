"""Users and rights on a running Kafka, through kafka-python: aiokafka has no call for either."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from deploy.access.rights import USUAL_MECHANISM, Operation, Resource, Right
from shared.credentials import Credential

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

    def set_passwords(self, passwords: Mapping[str, Sequence[Credential]]) -> None:
        """Make the users, or let those that are there sign in with these passwords and no others.

        Kafka has one for each user and mechanism (the credential's login).
        """
        wanted = {
            (user, ScramMechanism[(told.login or USUAL_MECHANISM).replace("-", "_")]): told.password
            for user, credentials in passwords.items()
            for told in credentials
        }
        there = {
            (user, ScramMechanism(info["mechanism"]))
            for user, told in self._client.describe_user_scram_credentials().items()
            for info in told["credential_infos"]
            if user in passwords
        }
        for kind in {kind for _, kind in wanted}:
            self._alter(
                UserScramCredentialUpsertion(user, kind, password.encode())
                for (user, mechanism), password in wanted.items()
                if mechanism is kind
            )
        self._alter(UserScramCredentialDeletion(*gone) for gone in there - wanted.keys())

    def _alter(
        self, changes: Iterable[UserScramCredentialDeletion | UserScramCredentialUpsertion]
    ) -> None:
        """Each user at most once: Kafka refuses a second change of one in a request."""
        changes = list(changes)
        answers = self._client.alter_user_scram_credentials(changes) if changes else {}
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
