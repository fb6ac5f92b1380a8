"""What a restore refuses, in one line, with everything as it was."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from deploy.migrate import SERVICES
from deploy.system import System
from tests.commands import run_module


def manifest_with(folder: Path, change: Callable[[Any], None]) -> None:
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
    manifest_with(folder, lambda told: told["databases"]["budget"].update(sha256=digest))


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "damaged": (damage, "is damaged: its SHA-256 is not the manifest's"),
    "damaged, and the manifest agrees": (damage_unseen, "budget: pg_restore: error: "),
    "one of four missing": (
        lambda folder: (folder / "budget.dump").unlink(),
        "has no dump of budget: restore a back-up of all four",
    ),
    "of another form": (
        lambda folder: manifest_with(folder, lambda told: told.update(form=2)),
        "has form 2, this program reads 1",
    ),
    "of another schema": (
        lambda folder: manifest_with(
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
    prepared: System, backup: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(backup, folder)
    spoil(folder)
    before = await state(prepared)

    told = run_module(
        "deploy.backup.restore", str(folder), "--system", str(prepared.folder / "system.json")
    )

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("restore: ")
    assert told.stderr.count("\n") == 1
    assert said in told.stderr
    assert await state(prepared) == before


async def test_databases_in_use_are_refused(prepared: System, backup: Path) -> None:
    url = prepared.stack.database_url("reporting").replace("+asyncpg", "")
    service = await asyncpg.connect(url, server_settings={"application_name": "reporting-1"})
    before = await state(prepared)
    try:
        told = run_module(
            "deploy.backup.restore", str(backup), "--system", str(prepared.folder / "system.json")
        )
    finally:
        await service.close()

    assert told.returncode == 1
    said = "restore: reporting is in use by 'reporting-1': stop the services first\n"
    assert told.stderr == said
    assert await state(prepared) == before


async def test_a_database_or_a_kafka_that_is_away_is_said(
    prepared: System, backup: Path, tmp_path: Path
) -> None:
    document = json.loads((prepared.folder / "system.json").read_text())
    document["databases"]["budget"] += "_nowhere"
    (tmp_path / "no_database.json").write_text(json.dumps(document))
    document["databases"]["budget"] = document["databases"]["budget"].removesuffix("_nowhere")
    document["kafka_url"] = "127.0.0.1:1"
    (tmp_path / "no_kafka.json").write_text(json.dumps(document))
    before = await state(prepared)

    said = {}
    for name in ("no_database", "no_kafka"):
        told = run_module(
            "deploy.backup.restore", str(backup), "--system", str(tmp_path / f"{name}.json")
        )
        assert told.returncode == 1
        said[name] = told.stderr

    assert said["no_database"].startswith("restore: the database budget_nowhere does not answer: ")
    assert said["no_kafka"].startswith("restore: no Kafka answers at 127.0.0.1:1, ")
    assert [one.count("\n") for one in said.values()] == [1, 1]
    assert await state(prepared) == before


async def test_each_way_to_call_it_is_answered_in_its_own_words(
    prepared: System, tmp_path: Path
) -> None:
    by_make = run_module("deploy.backup.restore", "--system", str(prepared.folder / "system.json"))
    for service in SERVICES:
        url = make_url(prepared.stack.database_url(service))
        (tmp_path / f"postgres_{service}").write_text(f"{url.password}\n")
    pattern = f"postgresql+asyncpg://{{service}}@{url.host}:{url.port}/{{service}}"
    site = {"DONDOC_DATABASE_URL": pattern, "DONDOC_SECRETS": str(tmp_path)}
    by_compose = run_module("deploy.backup.restore", "--site", **site)

    none = "restore: no restore is unfinished: "
    assert by_make.stderr == f"{none}FROM=folder names the back-up\n"
    assert by_compose.stderr == f"{none}name the back-up's folder\n"


async def state(prepared: System) -> dict[str, list[str]]:
    """Schemas, and the outbox's cursor and last id, of each database."""
    found = {}
    for service in SERVICES:
        connection = await asyncpg.connect(
            prepared.stack.database_url(service).replace("+asyncpg", "")
        )
        schemas = await connection.fetch(
            "select nspname from pg_namespace where nspname !~ '^(pg_|info)' order by 1"
        )
        cursor = await connection.fetchrow("select * from outbox_cursor")
        last = await connection.fetchval("select max(id) from outbox")
        found[service] = [*(row[0] for row in schemas), repr(cursor), repr(last)]
        await connection.close()
    return found
