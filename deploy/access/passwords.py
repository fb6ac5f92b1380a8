"""Kafka's users sign in with the passwords that their files name; may be run again.

python -m deploy.access.passwords [--admin] [--withdraw]

The same that ``deploy.access`` does first; with ``--admin`` the administrator's own password and no
other. While a password is changed its file names two, and both are good; ``--withdraw`` ends that:
the last one is good no longer.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence

from kafka.errors import KafkaError
from pydantic import ValidationError

from deploy.access.cluster import cluster
from deploy.access.rights import ADMIN, principals
from deploy.access.signing import CannotSignIn, sign_in
from deploy.site_secrets import SecretMissing, credentials
from shared.arguments import Arguments
from shared.brokers import access
from shared.codec import describe
from shared.credentials import Credential
from shared.settings import Settings


def wanted(names: Sequence[str], *, withdraw: bool = False) -> Mapping[str, Sequence[Credential]]:
    """What the files say of each user; SecretMissing if one cannot be used."""
    told = {name: credentials(f"kafka_{name}") for name in names}
    return {name: one.lasting if withdraw else one.good for name, one in told.items()}


def main() -> int:
    parser = Arguments("access", __doc__)
    parser.add_argument("--admin", action="store_true", help="the administrator's own")
    parser.add_argument("--withdraw", action="store_true", help="end the last passwords")
    options = parser.parse_args()
    try:
        settings = Settings(database_url="postgresql+asyncpg://unused")
        names = [ADMIN] if options.admin else principals()
        passwords = wanted(names, withdraw=options.withdraw)
        asyncio.run(sign_in(settings))
        with cluster(access(settings)) as kafka:
            kafka.set_passwords(passwords)
    except ValidationError as error:
        print(f"access: wrong settings (DONDOC_…): {describe(error)}", file=sys.stderr)
        return 2
    except (SecretMissing, CannotSignIn, KafkaError, ValueError, OSError) as error:
        print(f"access: {str(error) or type(error).__name__}", file=sys.stderr)
        return 2
    print(f"access: {len(passwords)} users sign in with what their files name")
    return 0


if __name__ == "__main__":
    sys.exit(main())
