"""A role and a database for each service, on a real PostgreSQL."""

from pathlib import Path

import asyncpg
import pytest

from deploy.databases import CannotPrepare, prepare
from deploy.local.postgres import Postgres
from deploy.local.stack import LocalStack
from deploy.migrate import SERVICES
from shared.credentials import Credentials
from tests.commands import run_module


@pytest.fixture
def server(stack: LocalStack) -> Postgres:
    assert isinstance(stack.databases, Postgres)
    return stack.databases


def told(**files: str) -> dict[str, Credentials]:
    return {service: Credentials.read(text) for service, text in files.items()}


async def connect(server: Postgres, user: str, password: str, database: str) -> asyncpg.Connection:
    return await asyncpg.connect(
        host="127.0.0.1", port=server.port, user=user, password=password, database=database
    )


async def test_a_role_has_its_own_database_and_no_other(server: Postgres) -> None:
    address, passwords = f"127.0.0.1:{server.port}", told(one="Ab'1", two="Cd2")

    assert await prepare(address, server.password, passwords) == ["one", "two"]
    assert await prepare(address, server.password, passwords) == []

    connection = await connect(server, "one", "Ab'1", "one")
    await connection.execute("create table mine (id int)")
    await connection.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connect(server, "one", "Ab'1", "two")


async def test_a_password_is_what_the_file_says_now(server: Postgres) -> None:
    address = f"127.0.0.1:{server.port}"
    await prepare(address, server.password, told(three="old"))

    await prepare(address, server.password, told(three="new"))

    await (await connect(server, "three", "new", "three")).close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(server, "three", "old", "three")


async def test_an_administrators_password_that_does_not_fit_is_explained(server: Postgres) -> None:
    with pytest.raises(CannotPrepare, match="secrets/postgres_admin: the volume was made with"):
        await prepare(f"127.0.0.1:{server.port}", "wrong", {})


async def test_the_administrators_password_is_changed_and_the_services_go_on(
    server: Postgres, stack: LocalStack, tmp_path: Path
) -> None:
    """As ``make rotate`` asks for it, with what a one-shot job does between its steps."""
    for service in SERVICES:
        (tmp_path / f"postgres_{service}").write_text(stack.passwords[service])
    admin = tmp_path / "postgres_admin"
    told = {"DONDOC_SECRETS": str(tmp_path), "DONDOC_POSTGRES": f"127.0.0.1:{server.port}"}
    working = await connect(server, "budget", stack.passwords["budget"], "budget")
    changing = await connect(server, "postgres", server.password, "postgres")
    steps = [
        (server.password, "all there"),
        (f"{server.password}\nnext another", "all there"),
        (f"{server.password}\nnext another", "all there", "--admin"),
        (f"{server.password}\nnext another", "all there", "--admin"),
        (f"{server.password}\nnext another", "all there"),
        (f"another\nlast {server.password}", "all there"),
        (f"another\nlast {server.password}", "all there", "--admin", "--withdraw"),
        ("another", "all there"),
        (server.password, "another password than secrets/postgres_admin"),
    ]
    try:
        for text, says, *options in steps:
            admin.write_text(text)
            done = run_module("deploy.databases", *options, **told)
            assert says in done.stdout + done.stderr, (text, options)
            assert (done.stdout + done.stderr).count("\n") == 1
            assert done.returncode == (0 if says == "all there" else 2)
        with pytest.raises(asyncpg.InvalidPasswordError):
            await connect(server, "postgres", server.password, "postgres")
        assert await working.fetchval("select 1") == 1
    finally:
        await changing.execute(f"alter role postgres password '{server.password}'")
        await changing.close()
        await working.close()


async def test_a_password_that_could_not_be_set_is_in_no_log(
    server: Postgres, stack: LocalStack
) -> None:
    password = "a-password-that-nobody-may-read"

    with pytest.raises(asyncpg.ReservedNameError):
        await prepare(f"127.0.0.1:{server.port}", server.password, told(pg_reserved=password))

    log = (stack.processes.folder / "postgres.log").read_text()
    assert "pg_reserved" in log, "the failure itself is"
    assert password not in log
