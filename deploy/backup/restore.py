"""Put a back-up in place of the four databases: make restore FROM=folder

python -m deploy.backup.restore FOLDER [--site | --system FILE]

The services are stopped; PostgreSQL and Kafka run (without an option they are started here, with
their data in .local/). The tables that are there now go into the schema before_<time> of the same
database and stay until somebody drops it. What could not be known is named in unknown-<time>.json
beside the back-up. If anything fails, everything is as it was.
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
from deploy.backup.reconcile import Reconciled, as_document, heard_only, nobodys_tasks, reconcile
from deploy.backup.site import document_of, stack_of
from deploy.local.errors import LocalError
from deploy.verify.sources import CannotVerify, Message, read_topics
from shared.settings import KafkaKind, Settings

_RUNNING_SQL = """
select application_name from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
limit 1"""


async def restore(document: Mapping[str, Any], folder: Path) -> Path:
    """Returns the file that names what could not be known."""
    manifest = read_manifest(folder)
    databases: dict[str, str] = document["databases"]
    for service, url in databases.items():
        await _refuse_running(service, url)
    signing = document.get("kafka_signing", {})
    messages = await read_topics({"bootstrap_servers": document["kafka_url"], **signing})
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    moved: list[str] = []
    try:
        for service, url in databases.items():
            await _execute(url, f'alter schema public rename to "before_{now}"')
            moved.append(url)
            database = f"--dbname={make_url(url).database}"
            dump = str(folder / f"{service}.dump")
            await asyncio.to_thread(run, "pg_restore", url, *_OPTIONS, database, dump)
        found = await _reconcile(document, messages, manifest)
        unknown = folder / f"unknown-{now}.json"
        unknown.touch(mode=0o600)
        unknown.write_text(json.dumps(found, indent=1, ensure_ascii=False))
    except BaseException:
        for url in moved:
            await _execute(url, "drop schema if exists public cascade")
            await _execute(url, f'alter schema "before_{now}" rename to public')
        raise
    return unknown


_OPTIONS = ("--single-transaction", "--no-owner", "--no-privileges")


async def _refuse_running(service: str, url: str) -> None:
    connection = await connect(url)
    try:
        if other := await connection.fetchval(_RUNNING_SQL):
            raise BackupError(f"{service} is in use by {other!r}: stop the services first")
    finally:
        await connection.close()


async def _execute(url: str, sql: str) -> None:
    connection = await connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


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
            connections[service] = await connect(url)
        heard = await heard_only(connections, messages, min(dumped))
        orphans = await nobodys_tasks(connections)
    finally:
        for connection in connections.values():
            await connection.close()
    for service, one in reconciled.items():
        print(
            f"{service}: {one.missing} events will be sent again, {len(one.expected)} said again;"
            f" {len(one.forgotten)} are on the topics and unknown to it, {len(heard[service])} it"
            " heard and nobody knows any more"
        )
    return as_document(reconciled, heard, orphans)


async def _run(options: argparse.Namespace) -> None:
    async with stack_of(options) as document:
        unknown = await restore(document, options.folder)
    print(f"restored; {unknown} names what could not be known. Start the services, make verify.")


def main() -> int:
    parser = argparse.ArgumentParser(description="Put a back-up in place of the databases.")
    parser.add_argument("folder", type=Path)
    document_of(parser)
    try:
        asyncio.run(_run(parser.parse_args()))
    except (BackupError, CannotVerify, LocalError) as error:
        print(f"restore: {error}", file=sys.stderr)
        return 1
    except (SQLAlchemyError, KafkaError, OSError) as error:
        words = next(iter(str(error).splitlines()), type(error).__name__)
        print(f"restore: {words}; everything is as it was", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
