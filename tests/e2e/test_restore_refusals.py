"""What a restore refuses, in one line, with everything as it was."""

import hashlib
import json
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.local.stack import temporary_folder
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, prepared_system
from tests.commands import run_module


@pytest.fixture(scope="module")
async def system() -> AsyncIterator[System]:
    with temporary_folder() as folder:
        async with prepared_system(folder, SystemSettings(ports={})) as system:
            system.describe()
            yield system


@pytest.fixture(scope="module")
def backup(system: System) -> Path:
    into = system.folder / "backups"
    where = str(system.folder / "system.json")
    told = run_module("deploy.backup", "--system", where, "--to", str(into))
    assert told.returncode == 0, told.stderr
    (folder,) = into.iterdir()
    return folder


def changed(folder: Path, change: Callable[[Any], None]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def damage(folder: Path) -> None:
    (folder / "budget.dump").write_bytes(b"PGDMP")


def damage_unseen(folder: Path) -> None:
    """The last dump breaks off, and the manifest was made of it so."""
    dump = folder / "budget.dump"
    dump.write_bytes(dump.read_bytes()[:-2000])
    digest = hashlib.sha256(dump.read_bytes()).hexdigest()
    changed(folder, lambda told: told["databases"]["budget"].update(sha256=digest))


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "damaged": (damage, "is damaged: its SHA-256 is not the manifest's"),
    "damaged, and the manifest agrees": (damage_unseen, "budget: pg_restore: error: "),
    "one of four missing": (
        lambda folder: (folder / "budget.dump").unlink(),
        "has no dump of budget: restore a back-up of all four",
    ),
    "of another form": (
        lambda folder: changed(folder, lambda told: told.update(form=2)),
        "has form 2, this program reads 1",
    ),
    "of another schema": (
        lambda folder: changed(
            folder,
            lambda told: told["databases"]["budget"].update(revision="9999"),
        ),
        "has schema 9999, this version has",
    ),
    "no back-up": (
        lambda folder: (folder / "manifest.json").unlink(),
        "manifest.json cannot be read: is",
    ),
}


@pytest.mark.parametrize(("spoil", "said"), DAMAGES.values(), ids=DAMAGES)
async def test_a_back_up_that_is_not_whole_is_refused(
    system: System, backup: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(backup, folder)
    spoil(folder)
    before = await state(system)

    told = run_module(
        "deploy.backup.restore", str(folder), "--system", str(system.folder / "system.json")
    )

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("restore: ")
    assert told.stderr.count("\n") == 1
    assert said in told.stderr
    assert await state(system) == before


async def test_databases_in_use_are_refused(system: System, backup: Path) -> None:
    url = system.stack.database_url("reporting").replace("+asyncpg", "")
    service = await asyncpg.connect(url, server_settings={"application_name": "reporting-1"})
    before = await state(system)
    try:
        told = run_module(
            "deploy.backup.restore", str(backup), "--system", str(system.folder / "system.json")
        )
    finally:
        await service.close()

    assert told.returncode == 1
    said = "restore: reporting is in use by 'reporting-1': stop the services first\n"
    assert told.stderr == said
    assert await state(system) == before


async def test_a_database_or_a_kafka_that_is_away_is_said(
    system: System, backup: Path, tmp_path: Path
) -> None:
    document = json.loads((system.folder / "system.json").read_text())
    document["databases"]["budget"] += "_nowhere"
    (tmp_path / "no_database.json").write_text(json.dumps(document))
    document["databases"]["budget"] = document["databases"]["budget"].removesuffix("_nowhere")
    document["kafka_url"] = "127.0.0.1:1"
    (tmp_path / "no_kafka.json").write_text(json.dumps(document))
    before = await state(system)

    said = {}
    for name in ("no_database", "no_kafka"):
        told = run_module(
            "deploy.backup.restore", str(backup), "--system", str(tmp_path / f"{name}.json")
        )
        assert told.returncode == 1
        said[name] = told.stderr

    assert said["no_database"].startswith("restore: the database budget_nowhere does not answer: ")
    assert "restore: no Kafka answers at 127.0.0.1:1" in said["no_kafka"]
    assert await state(system) == before


async def state(system: System) -> dict[str, list[str]]:
    """Schemas, and the outbox's cursor and last id, of each database."""
    found = {}
    for service in SERVICES:
        connection = await asyncpg.connect(
            system.stack.database_url(service).replace("+asyncpg", "")
        )
        schemas = await connection.fetch(
            "select nspname from pg_namespace where nspname !~ '^(pg_|info)' order by 1"
        )
        cursor = await connection.fetchrow("select * from outbox_cursor")
        last = await connection.fetchval("select max(id) from outbox")
        found[service] = [*(row[0] for row in schemas), repr(cursor), repr(last)]
        await connection.close()
    return found
