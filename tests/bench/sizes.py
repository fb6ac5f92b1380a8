"""How much a task takes in each database: python -m tests.bench.sizes [--letters N]

N letters go to the 83 agencies of the register, over HTTP, and through all four services; what the
databases have grown by is divided by the tasks. Indexes are counted, WAL is not.
"""

import argparse
import asyncio
import sys

import asyncpg
import httpx

from deploy.local.errors import LocalError
from deploy.local.stack import temporary_folder
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, running_system
from shared.auth import UserRole
from shared.ids import uuid7

SIZES = """
select relname, pg_total_relation_size(oid) from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace"""
QUIET_LOOKS = 8
"""For so many looks, half a second apart, nothing may have been recorded any more."""


async def measure(letters: int) -> None:
    with temporary_folder() as folder:
        async with running_system(folder, SystemSettings(ports={}, job_seconds=0.5)) as system:
            before = {service: await sizes(system, service) for service in SERVICES}
            tasks = await issue(system, letters)
            await until_quiet(system)
            for service in SERVICES:
                after = await sizes(system, service)
                show(service, before[service], after, tasks)


def show(service: str, before: dict[str, int], after: dict[str, int], tasks: int) -> None:
    grown = {name: (after[name] - before.get(name, 0)) / tasks for name in after}
    largest = sorted(grown.items(), key=lambda one: -one[1])[:4]
    parts = ", ".join(f"{name} {size:,.0f}" for name, size in largest)
    print(f"{service}: {sum(grown.values()):,.0f} bytes a task ({parts})")


async def sizes(system: System, service: str) -> dict[str, int]:
    """Bytes of each table with its indexes; after a vacuum, which a running site has too."""
    url = system.stack.database_url(service).replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("vacuum analyze")
        return dict(await connection.fetch(SIZES))
    finally:
        await connection.close()


async def issue(system: System, letters: int) -> int:
    """The number of tasks that came of it."""
    tasks = 0
    async with system.client("assignment", UserRole.COORDINATOR) as client:
        agencies = await codes(client)
        for _ in range(letters):
            id = uuid7()
            put = await client.put(f"/directives/{id}", json=letter(id.hex[-12:], agencies))
            put.raise_for_status()
            (await client.post(f"/directives/{id}/issue")).raise_for_status()
            tasks += len(agencies)
    return tasks


async def codes(client: httpx.AsyncClient) -> list[str]:
    page = (await client.get("/agencies?limit=200")).raise_for_status().json()
    return [one["code"] for one in page["items"]]


def letter(number: str, agencies: list[str]) -> dict[str, object]:
    text = "Chủ trì, phối hợp với các sở, ngành tổ chức thực hiện và báo cáo kết quả. " * 5
    item = {
        "id": str(uuid7()),
        "path": "1",
        "start": 0,
        "end": len(text),
        "text": text,
        "lead": agencies,
        "coordinate": [],
        "deadline": {"kind": "date", "on": "2027-06-30"},
        "money_aspect": True,
    }
    return {
        "number_symbol": f"{number}/UBND",
        "kind": "công văn",
        "issued_on": "2026-11-02",
        "issuer": "HN-UBND",
        "subject": "đo kích thước",
        "items": [item],
    }


async def until_quiet(system: System) -> None:
    """Until no service records or receives anything more."""
    looks, before = 0, list[int]()
    while looks < QUIET_LOOKS:
        await asyncio.sleep(0.5)
        now = [await counted(system, service) for service in SERVICES]
        looks, before = (looks + 1 if now == before else 0), now


async def counted(system: System, service: str) -> int:
    connection = await asyncpg.connect(system.stack.database_url(service).replace("+asyncpg", ""))
    try:
        sql = "select (select count(*) from outbox) + (select count(*) from inbox)"
        return int(await connection.fetchval(sql))
    finally:
        await connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=40)
    options = parser.parse_args()
    if not 1 <= options.letters <= 1000:
        print("sizes: --letters must be from 1 to 1000", file=sys.stderr)
        return 2
    try:
        asyncio.run(measure(options.letters))
    except LocalError as error:
        print(f"sizes: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
