"""Make Kafka's users, topics and rights what the event catalogue says; may be run again.

python -m deploy.access [--check] [--prune] [--replication N]

Reports what differs; removes a right that the catalogue does not know only with --prune, a topic or
a user never. It signs in as DONDOC_KAFKA_USER (a super user); the passwords of the others are the
files kafka_<user> in DONDOC_SECRETS. Exit code 1 if something differs still, 2 if it could not
look.
"""

import asyncio
import sys
import time

from kafka.errors import KafkaError
from pydantic import ValidationError

from deploy.access.cluster import Cluster, cluster
from deploy.access.passwords import wanted
from deploy.access.rights import Right, principals, rights
from deploy.access.signing import CannotSignIn, sign_in
from deploy.site_secrets import SecretMissing
from deploy.topics import Provisioned, TopicsError, provision
from shared.arguments import Arguments
from shared.brokers import access
from shared.codec import describe
from shared.logging import configure_command
from shared.settings import Settings

READ_BACK_SECONDS = 60


def main() -> int:
    parser = Arguments("access", __doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--prune", action="store_true", help="take away unknown rights")
    parser.add_argument("--replication", type=int, help="copies of each partition")
    options = parser.parse_args()
    configure_command("access")
    try:
        settings = Settings(database_url="postgresql+asyncpg://unused")
        passwords = {} if options.check else wanted(principals())
        asyncio.run(sign_in(settings))
        topics = asyncio.run(
            provision(access(settings), replication=options.replication, check_only=options.check)
        )
        with cluster(access(settings)) as kafka:
            if passwords:
                kafka.set_passwords(passwords)
            missing, unknown = _settle(kafka, check=options.check, prune=options.prune)
    except ValidationError as error:
        return _fail(f"wrong settings (DONDOC_…): {describe(error)}")
    except (SecretMissing, CannotSignIn, TopicsError, KafkaError, ValueError, OSError) as error:
        return _fail(str(error) or type(error).__name__)
    return _report(topics, missing, unknown)


def _settle(kafka: Cluster, *, check: bool, prune: bool) -> tuple[list[Right], list[Right | str]]:
    """What is missing and what nobody knows, after what was asked for has been done."""
    wanted, there = rights(), kafka.rights()
    unknown = sorted(there - wanted, key=str)
    if check:
        return sorted(wanted - there), unknown
    kafka.allow(wanted - there)
    if prune:
        kafka.forbid(one for one in unknown if isinstance(one, Right))
        unknown = [one for one in unknown if not isinstance(one, Right)]
    return _read_back(kafka, wanted), unknown


def _read_back(kafka: Cluster, wanted: frozenset[Right]) -> list[Right]:
    """A controller's answer may come before every broker knows the rights: asked for again."""
    deadline = time.monotonic() + READ_BACK_SECONDS
    while missing := wanted - kafka.rights():
        if time.monotonic() > deadline:
            break
        time.sleep(0.5)
        kafka.allow(missing)
    return sorted(missing)


def _report(topics: Provisioned, missing: list[Right], unknown: list[Right | str]) -> int:
    for line in topics.lines():
        print(line)
    for right in missing:
        print(f"missing {right}")
    for one in unknown:
        print(f"unknown right {one} (--prune takes it away)")
    differs = topics.missing or missing or topics.drift or unknown
    print("access: something differs" if differs else f"access: {len(rights())} rights as declared")
    return 1 if differs else 0


def _fail(line: str) -> int:
    print(f"access: {line}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
