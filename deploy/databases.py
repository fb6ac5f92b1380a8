"""Make a role and a database for each service; may be run again.

python -m deploy.databases [--withdraw] [--admin]

The server is DONDOC_POSTGRES (host:port), whose administrator's password is the file postgres_admin
in DONDOC_SECRETS; each service's is postgres_<service>. A role owns its database and nothing else;
nobody else may connect to it. Afterwards those passwords are good that the file names, and no
others: while one is changed the second is of a role of its own (``assignment_2``), which does all
that it does as the first. ``--withdraw`` ends that: the last password is good no longer.
``--admin`` changes the administrator's password and nothing else. There is one at a time: while its
file names two, whichever the server takes is used.
"""

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import asyncpg

from deploy.migrate import SERVICES
from deploy.site_secrets import SecretMissing, credentials
from shared.arguments import Arguments
from shared.credentials import Credential, Credentials

ADMINISTRATOR = "postgres_admin"
WAIT_SECONDS = 60
LEAVE_SECONDS = 10
"""So long after a service has ended its connections may still be there."""
UNLOGGED = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
}
"""A statement that sets a password is in no log of the server, not even if it fails."""


class CannotPrepare(Exception):
    """Why, and what to do."""


class WrongPassword(CannotPrepare):
    """The administrator's."""


async def taken(address: str, admin: Credentials) -> str:
    """The one of the administrator's passwords that the server takes; the last if it is none."""
    *others, last = admin.good
    for told in others:
        with suppress(WrongPassword):
            await (await _connect(address, told.password)).close()
            return told.password
    return last.password


async def change_admin(address: str, admin: Credentials) -> None:
    """The server takes the next password, else the one that is used, whichever it took before."""
    connection = await _connect(address, await taken(address, admin))
    try:
        await _role(connection, "postgres", admin.lasting[-1].password)
    finally:
        await connection.close()


async def prepare(address: str, admin: str, passwords: Mapping[str, Credentials]) -> list[str]:
    """What was made: the names of the databases."""
    made = []
    connection = await _connect(address, admin)
    try:
        for service, told in passwords.items():
            await _roles(connection, service, told.good)
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


async def withdraw(address: str, admin: str, passwords: Mapping[str, Credentials]) -> None:
    """The last password of each is good no longer.

    CannotPrepare, and nothing is changed, while somebody is still connected with another.
    """
    connection = await _connect(address, admin)
    try:
        for service, told in passwords.items():
            lasting = {one.login or service for one in told.lasting}
            for login in {service, second(service)} - lasting:
                await _have_left(connection, service, login)
        for service, told in passwords.items():
            await _roles(connection, service, told.lasting)
    finally:
        await connection.close()


async def _have_left(connection: asyncpg.Connection, service: str, login: str) -> None:
    deadline = time.monotonic() + LEAVE_SECONDS
    while left := await connection.fetchval(
        "select count(*) from pg_stat_activity where usename = $1", login
    ):
        if time.monotonic() > deadline:
            raise CannotPrepare(
                f"{left} connections still are those of {login}, whose password is to go:"
                f" start every {service} anew first"
            )
        await asyncio.sleep(0.1)


def second(service: str) -> str:
    """The role that signs in beside the service's own."""
    return f"{service}_2"


async def _connect(address: str, password: str) -> asyncpg.Connection:
    host, _, port = address.rpartition(":")
    try:
        return await asyncpg.connect(
            host=host,
            port=int(port),
            user="postgres",
            password=password,
            timeout=WAIT_SECONDS,
            server_settings=UNLOGGED,
        )
    except asyncpg.InvalidPasswordError as error:
        raise WrongPassword(
            "PostgreSQL's administrator has another password than secrets/postgres_admin: the"
            " volume was made with another one. Put that back, or remove the volume (and every"
            " letter in it) and start anew"
        ) from error
    except (OSError, ValueError, TimeoutError, asyncpg.PostgresError) as error:
        raise CannotPrepare(f"no PostgreSQL answers at {address}: {error}") from error


async def _roles(connection: asyncpg.Connection, service: str, good: Sequence[Credential]) -> None:
    """The service's roles, who sign in with these passwords and no others."""
    passwords = {told.login or service: told.password for told in good}
    if strange := passwords.keys() - {service, second(service)}:
        raise CannotPrepare(
            f"postgres_{service} names the login {', '.join(strange)}:"
            f" it is {service} or {second(service)}"
        )
    async with connection.transaction():
        await _role(connection, service, passwords.get(service))
        other = second(service)
        if other in passwords or await _is_known(connection, other):
            await _role(connection, other, passwords.get(other))
            await connection.execute(f'grant "{service}" to "{other}"')
            await connection.execute(f'alter role "{other}" set role to "{service}"')


async def _role(connection: asyncpg.Connection, name: str, password: str | None) -> None:
    """A role without a password lets nobody in."""
    verb = "alter" if await _is_known(connection, name) else "create"
    quoted = await connection.fetchval("select coalesce(quote_literal($1::text), 'null')", password)
    await connection.execute(f'{verb} role "{name}" login password {quoted}')


async def _is_known(connection: asyncpg.Connection, role: str) -> bool:
    known = await connection.fetchval("select 1 from pg_roles where rolname = $1", role)
    return known is not None


async def _do(address: str, *, withdrawing: bool, admin_only: bool) -> list[str]:
    """As the files say; what was made."""
    admin = credentials(ADMINISTRATOR)
    if admin_only:
        await change_admin(address, admin)
        return []
    passwords = {service: credentials(f"postgres_{service}") for service in SERVICES}
    password = await taken(address, admin)
    if withdrawing:
        await withdraw(address, password, passwords)
        return []
    return await prepare(address, password, passwords)


def main() -> int:
    parser = Arguments("databases", __doc__)
    parser.add_argument("--withdraw", action="store_true", help="end the last password")
    parser.add_argument("--admin", action="store_true", help="the administrator's own")
    options = parser.parse_args()
    address = os.environ.get("DONDOC_POSTGRES", "postgres:5432")
    try:
        made = asyncio.run(_do(address, withdrawing=options.withdraw, admin_only=options.admin))
    except (CannotPrepare, SecretMissing, asyncpg.PostgresError) as error:
        print(f"databases: {error}", file=sys.stderr)
        return 2
    print(f"databases: made {', '.join(made)}" if made else "databases: all there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
