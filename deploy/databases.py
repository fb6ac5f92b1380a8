"""Make a role and a database for each service; may be run again.

python -m deploy.databases

The server is DONDOC_POSTGRES (host:port), whose administrator's password is the file postgres_admin
in DONDOC_SECRETS; each service's is postgres_<service>. A role owns its database and nothing else;
nobody else may connect to it. A password that differs from the file is set anew.
"""

import asyncio
import os
import sys

import asyncpg

from deploy.migrate import SERVICES
from deploy.site_secrets import SecretMissing, secret

WAIT_SECONDS = 60


class CannotPrepare(Exception):
    """Why, and what to do."""


async def prepare(address: str, admin: str, passwords: dict[str, str]) -> list[str]:
    """What was made: the names of the databases."""
    made = []
    connection = await _connect(address, admin)
    try:
        for service, password in passwords.items():
            await _role(connection, service, password)
            known = await connection.fetchval(
                "select 1 from pg_database where datname = $1", service
            )
            if not known:
                await connection.execute(f'create database "{service}" owner "{service}"')
                made.append(service)
            await connection.execute(f'revoke all on database "{service}" from public')
    finally:
        await connection.close()
    return made


async def _connect(address: str, password: str) -> asyncpg.Connection:
    host, _, port = address.rpartition(":")
    try:
        return await asyncpg.connect(
            host=host, port=int(port), user="postgres", password=password, timeout=WAIT_SECONDS
        )
    except asyncpg.InvalidPasswordError as error:
        raise CannotPrepare(
            "PostgreSQL's administrator has another password than secrets/postgres_admin: the"
            " volume was made with another one. Put that back, or remove the volume (and every"
            " letter in it) and start anew"
        ) from error
    except (OSError, ValueError, TimeoutError, asyncpg.PostgresError) as error:
        raise CannotPrepare(f"no PostgreSQL answers at {address}: {error}") from error


async def _role(connection: asyncpg.Connection, service: str, password: str) -> None:
    known = await connection.fetchval("select 1 from pg_roles where rolname = $1", service)
    verb = "alter" if known else "create"
    quoted = await connection.fetchval("select quote_literal($1::text)", password)
    await connection.execute(f'{verb} role "{service}" login password {quoted}')


def main() -> int:
    address = os.environ.get("DONDOC_POSTGRES", "postgres:5432")
    try:
        passwords = {service: secret(f"postgres_{service}") for service in SERVICES}
        made = asyncio.run(prepare(address, secret("postgres_admin"), passwords))
    except (CannotPrepare, SecretMissing) as error:
        print(f"databases: {error}", file=sys.stderr)
        return 2
    print(f"databases: made {', '.join(made)}" if made else "databases: all there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
