"""The issuing office of the lines that speak HTTP: a register, drafts, and what it sends."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from shared.auth import UserRole
from shared.ids import uuid7
from shared.tokens import sign
from tests.bench.line import Void

TEXT = "Chủ trì tổ chức thực hiện Chương trình khuyến công thành phố Hà Nội. " * 7


async def register(connection: asyncpg.Connection, agencies: int) -> None:
    """The issuer, and so many agencies, XA-1, XA-2 …, all of them in the group XA."""
    await connection.execute(
        "insert into agencies (code, name, short_name, aliases, kind, successors, version,"
        " folded_name, search) values ('HN-UBND', 'UBND Thành phố', 'UBND TP', '{}', 'city', '{}',"
        " 1, 'ubnd thanh pho', '')"
    )
    await connection.execute(
        "insert into agencies (code, name, short_name, aliases, kind, successors, version,"
        " folded_name, search) select 'XA-' || n, 'UBND xã số ' || n, 'xã ' || n, '{}', 'commune',"
        " '{}', 1, 'xa so ' || n, '' from generate_series(1, $1::int) n",
        agencies,
    )
    await connection.execute(
        "insert into groups (code, name, open, phrases) values ('XA', 'các xã', false, '{}')"
    )
    await connection.execute(
        "insert into memberships (\"group\", agency) select 'XA', code from agencies"
        " where code like 'XA-%'"
    )


def draft(id: UUID, lead: Sequence[str]) -> dict[str, Any]:
    """The body that makes it: one item of about half a kilobyte, led by these."""
    item = {
        "id": str(uuid7()),
        "path": "1",
        "start": 0,
        "end": len(TEXT),
        "text": TEXT,
        "lead": list(lead),
        "deadline": {"kind": "date", "on": "2026-12-15"},
    }
    return {
        "number_symbol": f"{id.hex}/UBND-KT",
        "kind": "công văn",
        "issued_on": "2026-11-20",
        "issuer": "HN-UBND",
        "subject": "thử tải",
        "items": [item],
    }


DRAFTS = """
insert into directives (id, number_symbol, kind, issued_on, issuer, subject, citations, year, state,
  fingerprint) select id, id || '/UBND-KT', 'công văn', '2026-11-20', 'HN-UBND', 'thử tải', '{}',
  2026, 'draft', '' from unnest($1::uuid[]) id"""
ITEMS = """
insert into items (id, directive_id, place, path, start, "end", text, lead, coordinate, deadline,
  report_to, money_aspect, decided_by_clerk) select uuidv7(), id, 0, '1', 0, length($3), $3,
  array[lead], '{}', '{"kind": "date", "on": "2026-12-15"}', '{}', false, '{}'
  from unnest($1::uuid[], $2::text[]) u(id, lead)"""


async def store_drafts(connection: asyncpg.Connection, leads: Sequence[str]) -> list[UUID]:
    """As ``draft`` over HTTP, one directive for each of these leads, by SQL."""
    ids = [uuid7() for _ in leads]
    async with connection.transaction():
        await connection.execute(DRAFTS, ids)
        await connection.execute(ITEMS, ids, list(leads), TEXT)
    return ids


def client(url: str, keys: Any) -> httpx.AsyncClient:
    token = sign(keys, (UserRole.COORDINATOR,), seconds=86_400)
    return httpx.AsyncClient(base_url=url, timeout=60, headers={"Authorization": f"Bearer {token}"})


async def issue(office: httpx.AsyncClient, directive: UUID) -> None:
    answer = await office.post(
        f"/directives/{directive}/issue", headers={"Idempotency-Key": str(directive)}
    )
    if answer.status_code != 200:
        raise Void(f"the issue was answered {answer.status_code}: {answer.text[:200]}")
