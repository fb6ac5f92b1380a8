"""Idempotency-Key: a POST sent again gets the first answer again, and has one effect."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import Request, Response
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth import Principal
from shared.errors import Malformed, Refused
from shared.messaging import IdempotencyKey

log = structlog.get_logger()

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("content-type", "etag", "location")
CLAIM = insert(IdempotencyKey).on_conflict_do_nothing().returning(IdempotencyKey)
UNANSWERED: dict[str, Any] = {"status": 0, "headers": {}, "body": b""}


class IdempotencyKeyMissing(Malformed):
    """Send an Idempotency-Key with every POST: a new one for each new intent."""


class IdempotencyKeyReused(Refused):
    """This Idempotency-Key was used for another request; take a new one."""


class Replayed(Exception):
    """The request was answered before; here is that answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


class Memory:
    """Keeps the answer in the transaction of the effect, so that both commit or neither."""

    def __init__(self, row: IdempotencyKey | None) -> None:
        self._row = row

    async def keep(self, response: Response) -> None:
        if self._row is not None:
            self._row.status = response.status_code
            self._row.body = bytes(response.body)
            self._row.headers = {
                name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers
            }


@asynccontextmanager
async def remembered(session: AsyncSession, request: Request) -> AsyncIterator[Memory]:
    """Claim the request's key; a second request with it waits here for the first, then repeats it.

    A refusal rolls everything back and is not kept: the same key may be tried again.
    """
    if request.method != "POST":
        yield Memory(None)
        return
    key = request.headers.get("idempotency-key")
    if key is None or not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing()
    caller: Principal = request.state.caller
    asked = await _fingerprint(request)
    claim = {"subject": caller.subject, "key": key, "fingerprint": asked, **UNANSWERED}
    claimed = await session.scalar(CLAIM, claim)
    if claimed is None:
        row = await session.get_one(IdempotencyKey, (caller.subject, key))
        if row.fingerprint != asked:
            raise IdempotencyKeyReused()
        raise Replayed(Response(row.body, status_code=row.status, headers=row.headers))
    yield Memory(claimed)


async def _fingerprint(request: Request) -> str:
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return hashlib.sha256(asked).hexdigest()
