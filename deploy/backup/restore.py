"""Put a back-up in place of the four databases: make restore FROM=folder

python -m deploy.backup.restore FOLDER [--site | --system FILE]

python -m deploy.backup.restore [--site | --system FILE]

The services are stopped; PostgreSQL and Kafka run (without an option they are started here, with
their data in .local/). The tables that are there now go into the schema before_<time> of the same
database and stay until somebody drops it. What could not be known is named in unknown-<time>.json
beside the back-up. If anything fails, everything is as it was. After a kill the databases bear
marks (``deploy.backup.swap``): the next restore begins with bringing that to an end, and without a
folder does no more.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka.errors import KafkaError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from deploy.backup.dumps import connect, read_manifest
from deploy.backup.errors import BackupError
from deploy.backup.programs import run
from deploy.backup.reconcile import Reconciled, as_document, heard_only, nobodys, reconcile
from deploy.backup.site import document_of, stack_of
from deploy.backup.swap import (
    Unfinished,
    alone,
    finish,
    put_back,
    refuse_running,
    set_aside,
    unfinished,
)
from deploy.backup.words import MAKE, SITE, Words
from deploy.local.errors import LocalError
from deploy.verify.sources import CannotVerify, Message, read_topics
from shared.arguments import Arguments
from shared.files import write_whole
from shared.logging import configure_command
from shared.settings import KafkaKind, Settings


async def restore(document: Mapping[str, Any], folder: Path | None, words: Words) -> str:
    """What was done. Without a folder (an absolute path) only what an earlier restore has left."""
    manifest = read_manifest(folder) if folder else None
    databases: dict[str, str] = document["databases"]
    async with alone(databases):
        if found := await unfinished(databases):
            told = await _end(databases, found, words)
            if found.whole or folder is None:
                return told
            print(told)
        if folder is None or manifest is None:
            raise BackupError(f"no restore is unfinished: {words.to_name}")
        await refuse_running(databases)
        signing = document.get("kafka_signing", {})
        messages = await read_topics({"bootstrap_servers": document["kafka_url"], **signing})
        unknown = await _swap(document, messages, folder, manifest, words)
    return (
        f"restored; {unknown} names what could not be known. Start the services, {words.to_verify}."
    )


async def _end(databases: Mapping[str, str], found: Unfinished, words: Words) -> str:
    """All four get what the marks say: the back-up's tables, or those of before."""
    if found.whole:
        await finish(found.databases, found.schema, found.folder)
        unknown = _unknown(found.folder, found.schema)
        return (
            f"the restore from {found.folder}, broken off, is finished; {unknown} names what could"
            f" not be known. Start the services, {words.to_verify}."
        )
    await refuse_running(found.databases)
    await _put_back(databases, found.schema, found.folder, words)
    return f"the restore from {found.folder}, broken off, is undone: everything is as it was"


async def _swap(
    document: Mapping[str, Any],
    messages: list[Message],
    folder: Path,
    manifest: Mapping[str, Any],
    words: Words,
) -> Path:
    databases: dict[str, str] = document["databases"]
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    schema = f"before_{now}"
    try:
        for url in databases.values():
            await set_aside(url, schema, folder)
        await refuse_running(databases)  # who started meanwhile
        for service, url in databases.items():
            await _fill(url, folder / f"{service}.dump")
        found = await _reconcile(document, messages, manifest)
        unknown = _unknown(folder, schema)
        write_whole(unknown, json.dumps(found, indent=1, ensure_ascii=False), mode=0o600)
    except BaseException as error:
        await _put_back(databases, schema, folder, words, because=error)
        raise
    try:
        await finish(databases, schema, folder)
    except BaseException as error:
        raise BackupError(
            f"{_first(error)}; all four databases are restored, but not all say so:"
            f" {words.to_end} finishes it or puts all back"
        ) from error
    return unknown


async def _fill(url: str, dump: Path) -> None:
    """Whoever interrupts it waits for pg_restore: what is put back must not meet its tables."""
    database = f"--dbname={make_url(url).database}"
    filling = asyncio.ensure_future(
        asyncio.to_thread(run, "pg_restore", url, *_OPTIONS, database, str(dump))
    )
    try:
        await asyncio.shield(filling)
    except asyncio.CancelledError:
        await asyncio.wait([filling])
        raise


_OPTIONS = ("--single-transaction", "--no-owner", "--no-privileges")


async def _put_back(
    databases: Mapping[str, str],
    schema: str,
    folder: Path,
    words: Words,
    because: BaseException | None = None,
) -> None:
    """As many as can be; BackupError names the others."""
    failed = []
    for service, url in databases.items():
        try:
            await put_back(url, schema)
        except (BackupError, *_FAILURES) as error:
            failed.append(f"{service} ({_first(error)})")
    if failed:
        why = f"{_first(because)}; " if because else ""
        raise BackupError(
            f"{why}not known to be as before: {', '.join(failed)}. Where one is not its service"
            f" does not start: {words.to_end} puts all back"
        ) from because
    _unknown(folder, schema).unlink(missing_ok=True)


def _unknown(folder: Path, schema: str) -> Path:
    return folder / f"unknown-{schema.removeprefix('before_')}.json"


async def _reconcile(
    document: Mapping[str, Any], messages: list[Message], manifest: Mapping[str, Any]
) -> dict[str, Any]:
    dumped = [datetime.fromisoformat(one["dumped_at"]) for one in manifest["databases"].values()]
    reconciled: dict[str, Reconciled] = {}
    for service, url in document["databases"].items():
        kind = KafkaKind(document.get("kafka_kind", KafkaKind.APACHE))
        settings = Settings(database_url=url, kafka_url=document["kafka_url"], kafka_kind=kind)
        reconciled[service] = await reconcile(settings, service, messages)
    connections: dict[str, asyncpg.Connection] = {}
    try:
        for service, url in document["databases"].items():
            connections[service] = await connect(url, "restore")
        heard = await heard_only(connections, messages, min(dumped))
        of_nobody = await nobodys(connections)
    finally:
        for connection in connections.values():
            await connection.close()
    for service, one in reconciled.items():
        print(
            f"{service}: {one.missing} events will be sent again, {len(one.expected)} said again;"
            f" {len(one.forgotten)} are on the topics and unknown to it, {len(heard[service])} it"
            " heard and nobody knows any more"
        )
    return as_document(reconciled, heard, of_nobody)


async def _run(options: argparse.Namespace, words: Words) -> None:
    async with stack_of(options) as document:
        print(await restore(document, options.folder, words))


_FAILURES = (SQLAlchemyError, KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


def _first(error: BaseException) -> str:
    if isinstance(error, asyncio.CancelledError):
        return "interrupted"
    return next(iter(str(error).splitlines()), type(error).__name__)


def main() -> int:
    parser = Arguments("restore", "Put a back-up in place of the databases.")
    parser.add_argument("folder", type=lambda told: Path(told).absolute(), nargs="?")
    document_of(parser)
    options = parser.parse_args()
    configure_command("restore")
    words = SITE if options.site else MAKE
    try:
        asyncio.run(_run(options, words))
    except (BackupError, CannotVerify, LocalError) as error:
        print(f"restore: {error}", file=sys.stderr)
        return 1
    except _FAILURES as error:
        print(f"restore: {_first(error)}; everything is as it was", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"restore: stopped; {words.to_end} ends what it has left", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
