"""PostgreSQL of our own: its data, its doors, and what it says when it cannot start."""

import os
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local import elsewhere, postgres
from deploy.local.cluster import cluster_in
from deploy.local.errors import LocalError
from deploy.local.postgres import Postgres
from deploy.local.processes import Processes

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary account serves its own data")


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    async with Processes(tmp_path / "log") as processes:
        yield processes


@pytest.fixture
async def server(tmp_path: Path, processes: Processes) -> Postgres:
    return await postgres.start(tmp_path, processes)


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines)


async def refusal(folder: Path, processes: Processes) -> str:
    with pytest.raises(LocalError) as raised:
        await postgres.start(folder, processes)
    text = str(raised.value)
    assert "\n" not in text
    return text


async def test_it_is_set_up_for_vietnamese_text_and_safe_writes(server: Postgres) -> None:
    for query, expected in (
        ("show server_version_num", "18"),
        ("show fsync", "on"),
        ("show server_encoding", "UTF8"),
        ("show max_connections", "200"),
        ("show timezone", "UTC"),
        ("show unix_socket_directories", ""),
        ("select lower('ĐÔN ĐỐC')", "đôn đốc"),
    ):
        assert str(await ask(server.url("postgres"), query)).startswith(expected), query


async def test_each_database_lets_in_its_own_role_only(server: Postgres) -> None:
    passwords = {name: await postgres.create_database(server, name) for name in ("a", "b")}
    again = await postgres.create_database(server, "a")

    assert again == passwords["a"] != passwords["b"]
    url = f"postgresql://a:{passwords['a']}@127.0.0.1:{server.port}"
    assert await ask(f"{url}/a", "select current_user") == "a"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(f"{url}/b", "select 1")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(f"postgresql://a:wrong@127.0.0.1:{server.port}/a", "select 1")


async def test_the_password_is_for_us_only(tmp_path: Path, server: Postgres) -> None:
    assert mode(tmp_path / "postgres.password") == 0o600
    assert len(server.password) >= 32


async def test_what_was_committed_survives_a_crash_and_a_restart(
    tmp_path: Path, processes: Processes, server: Postgres
) -> None:
    await ask(server.url("postgres"), "create table letters as select 6050 as number")
    await processes.kill("postgres")

    again = await postgres.start(tmp_path, processes)

    assert await ask(again.url("postgres"), "select number from letters") == 6050


async def test_a_stale_mark_with_the_number_of_another_process_is_no_obstacle(
    tmp_path: Path, processes: Processes, server: Postgres
) -> None:
    await processes.kill("postgres")
    cluster = cluster_in(tmp_path)
    other = await processes.start("other", ["sleep", "1000"], account=cluster.account)
    mark = cluster.data / "postmaster.pid"
    lines = mark.read_text().splitlines()
    mark.write_text("\n".join([str(other.pid), *lines[1:], ""]))

    again = await postgres.start(tmp_path, processes)

    assert await ask(again.url("postgres"), "select 1") == 1


async def test_a_taken_port_is_left_to_its_owner(tmp_path: Path, processes: Processes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        server = await postgres.start(tmp_path, processes, port=port)

    assert server.port != port
    assert await ask(server.url("postgres"), "select 1") == 1


async def test_a_client_that_stays_does_not_hold_up_the_end(
    processes: Processes, server: Postgres
) -> None:
    connection = await asyncpg.connect(server.url("postgres"))

    await processes.stop("postgres")

    assert processes["postgres"].process.returncode == 0
    connection.terminate()


async def test_an_interrupted_initialisation_is_repeated(
    tmp_path: Path, processes: Processes
) -> None:
    unfinished = cluster_in(tmp_path).home / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")

    server = await postgres.start(tmp_path, processes)

    assert await ask(server.url("postgres"), "select 1") == 1
    assert not unfinished.exists()


async def test_data_of_another_version_are_refused(tmp_path: Path, processes: Processes) -> None:
    data = cluster_in(tmp_path).data
    data.mkdir()
    (data / "PG_VERSION").write_text("15\n")

    assert "was made by PostgreSQL 15, ours is 18: move it" in await refusal(tmp_path, processes)


async def test_data_without_their_password_are_refused(
    tmp_path: Path, processes: Processes, server: Postgres
) -> None:
    await processes.stop("postgres")
    password = tmp_path / "postgres.password"

    password.write_text("another")
    assert "does not hold the password" in await refusal(tmp_path, processes)
    await processes.stop("postgres")
    password.unlink()
    assert "postgres.password is gone" in await refusal(tmp_path, processes)


@only_root
class TestAsRoot:
    """PostgreSQL refuses to be root; what it needs may lie where only root gets to."""

    @pytest.fixture
    def secluded(self, tmp_path: Path) -> Path:
        """A project's folder within one that only root may enter."""
        tmp_path.chmod(0o700)
        folder = tmp_path / "project" / ".local"
        folder.mkdir(parents=True)
        return folder

    async def test_it_runs_as_an_ordinary_account(
        self, processes: Processes, server: Postgres
    ) -> None:
        pid = processes["postgres"].pid

        ids = status_of(pid)

        assert "0" not in ids["Uid"].split() + ids["Gid"].split()
        assert ids["Groups"].strip() == ""

    async def test_modes_of_the_folders_above_stay(
        self, tmp_path: Path, secluded: Path, processes: Processes
    ) -> None:
        server = await postgres.start(secluded, processes)

        assert await ask(server.url("postgres"), "select 1") == 1
        assert (secluded / "postgres").is_symlink()
        assert mode(tmp_path) == 0o700

    async def test_data_follow_a_project_that_moves(
        self, tmp_path: Path, secluded: Path, processes: Processes
    ) -> None:
        server = await postgres.start(secluded, processes)
        await ask(server.url("postgres"), "create table letters as select 6050 as number")
        await processes.stop("postgres")
        moved = secluded.parent.rename(tmp_path / "elsewhere") / ".local"

        again = await postgres.start(moved, processes)

        assert await ask(again.url("postgres"), "select number from letters") == 6050

    def test_what_stood_in_for_a_folder_that_is_gone_is_swept(self, secluded: Path) -> None:
        home = cluster_in(secluded).home
        elsewhere.sweep()
        assert home.exists()

        (secluded / "postgres").unlink()
        elsewhere.sweep()

        assert not home.exists()

    def test_a_folder_that_another_put_there_is_not_used(self, secluded: Path) -> None:
        home = cluster_in(secluded).home
        (secluded / "postgres").unlink()
        os.chown(home, 65534, 65534)
        try:
            with pytest.raises(LocalError, match="is it someone else's"):
                cluster_in(secluded)
        finally:
            os.chown(home, 0, 0)

    async def test_programs_out_of_reach_are_copied(
        self, secluded: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("deploy.local.cluster.may_run", lambda *_: False)

        server = await postgres.start(secluded, processes)

        assert await ask(server.url("postgres"), "select 1") == 1
        program = os.readlink(f"/proc/{processes['postgres'].pid}/exe")
        assert program.startswith(os.readlink(secluded / "postgres"))
