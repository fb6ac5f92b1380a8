"""A back-up: a folder with a dump of each database and a manifest that says what they are."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from deploy.backup.errors import BackupError
from deploy.backup.programs import run
from deploy.migrate import SERVICES, newest_revision
from shared.files import sync_folder, write_whole
from shared.restore_mark import RestoreUnfinished, refuse_marked

MANIFEST = "manifest.json"
FORM = 1
"""Of the folder; another number is made by another version of this program."""


async def back_up(databases: Mapping[str, str], into: Path) -> Path:
    """Dump each database in turn, at moments of its own; the folder has its name when it is whole.

    The services may run. ``databases``: URL by service.
    """
    taken = datetime.now(UTC)
    folder = into / taken.strftime("%Y%m%dT%H%M%SZ")
    unfinished = folder.with_suffix(".unfinished")
    try:
        unfinished.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"{unfinished} cannot be made: {error.strerror}") from error
    dumps = {}
    for service in SERVICES:
        dumps[service] = await _dump(databases[service], unfinished / f"{service}.dump")
    manifest = {"form": FORM, "taken_at": taken.isoformat(), "databases": dumps}
    write_whole(unfinished / MANIFEST, json.dumps(manifest, indent=1), mode=0o600)
    unfinished.rename(folder)
    sync_folder(into)
    return folder


async def _dump(url: str, file: Path) -> dict[str, str]:
    revision = await revision_of(url)
    begun = datetime.now(UTC)
    run("pg_dump", url, "--format=custom", "--schema=public", f"--file={file}")
    return {"revision": revision, "sha256": _sha256(file), "dumped_at": begun.isoformat()}


async def revision_of(url: str) -> str:
    async with connected(url, "backup") as connection:
        try:
            await refuse_marked(connection)
            found: str = await connection.fetchval("select version_num from alembic_version")
        except RestoreUnfinished as error:
            raise BackupError(f"{_name(url)}: {error}") from error
        except asyncpg.PostgresError as error:
            raise BackupError(f"{_name(url)} has no tables of ours: {error}") from error
    return found


@asynccontextmanager
async def connected(url: str, name: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(url, name)
    try:
        yield connection
    finally:
        await connection.close()


async def connect(url: str, name: str) -> asyncpg.Connection:
    named = {"application_name": name}
    try:
        return await asyncpg.connect(url.replace("+asyncpg", ""), timeout=10, server_settings=named)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        words = str(error) or type(error).__name__
        raise BackupError(f"the database {_name(url)} does not answer: {words}") from error


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def read_manifest(folder: Path) -> dict[str, Any]:
    """What is in the back-up, if all of it is there, whole, and of this version."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder / MANIFEST} cannot be read: is {folder} a back-up?") from error
    if manifest.get("form") != FORM:
        raise BackupError(
            f"{folder} has form {manifest.get('form')}, this program reads {FORM}: restore it with"
            " the version that made it"
        )
    for service in SERVICES:
        _check(folder, service, manifest["databases"].get(service))
    return manifest


def _check(folder: Path, service: str, told: dict[str, str] | None) -> None:
    file = folder / f"{service}.dump"
    if told is None or not file.exists():
        raise BackupError(f"{folder} has no dump of {service}: restore a back-up of all four")
    if _sha256(file) != told["sha256"]:
        raise BackupError(f"{file} is damaged: its SHA-256 is not the manifest's")
    if told["revision"] != newest_revision(service):
        raise BackupError(
            f"{file} has schema {told['revision']}, this version has {newest_revision(service)}:"
            " restore it with the version that made it, then upgrade"
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
