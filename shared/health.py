"""Routes without a token: health, metrics, and the pages that describe the API."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import case, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.backlog import backlog
from shared.messaging import DeadLetter
from shared.metrics import DATABASE_BYTES, DEAD_LETTERS, READY
from shared.outbox_partitions import LAST_ID_SQL, first_id, partition_of

router = APIRouter(include_in_schema=False)
_Asking = Callable[[AsyncSession], Awaitable[None]]

ASSETS = "/docs/assets"
"""Where the vendored Swagger UI (Apache-2.0) is served."""


def assets() -> StaticFiles:
    return StaticFiles(directory=Path(__file__).parent / "docs_page")


@router.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/health/ready")
async def ready(request: Request, response: Response) -> dict[str, Any]:
    """200 when everything is there; 503 with what is missing, in words.

    Warnings are for an operator: what they tell would not heal by sending requests elsewhere.
    """
    missing, warnings = await _lacks(request.app.state)
    response.status_code = 503 if missing else 200
    status = "not ready" if missing else "ready"
    return {"status": status, "missing": missing, "warnings": warnings}


async def _lacks(app: Any, also: _Asking | None = None) -> tuple[dict[str, str], dict[str, str]]:
    """What is missing, and what to warn of; ``also`` is asked in the same session."""
    missing, warnings = await _database_lacks(app.sessions, also)
    if app.handlers.topics and not app.consumer.reading:
        missing["consumer"] = _why_not_reading(app)
    if app.relay.problem is not None:
        missing["relay"] = app.relay.problem
    warnings |= app.consumer.deleted_unread
    if app.inbox.problem is not None:
        warnings["inbox"] = app.inbox.problem
    return missing, warnings


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """The API to read and try, with scripts of our own: a site may have no way out."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=request.app.title,
        swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS}/favicon-32x32.png",
    )


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    missing, _ = await _lacks(request.app.state, also=_measure)
    READY.set(0 if missing else 1)
    if "database" in missing:
        DEAD_LETTERS.clear()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _why_not_reading(app: Any) -> str:
    if app.consumer.name.taken_by_another:
        name = app.settings.replica
        return f"another process runs as replica {name!r}; each needs a DONDOC_REPLICA of its own"
    return "no partitions assigned; is Kafka reachable?"


async def _measure(session: AsyncSession) -> None:
    state = case((DeadLetter.next_try_at.is_not(None), "early"), else_=DeadLetter.state)
    found = await session.execute(
        select(state, func.count()).where(DeadLetter.state.in_(("dead", "parked"))).group_by(state)
    )
    counts = {row[0]: row[1] for row in found}
    size = await session.scalar(text("select pg_database_size(current_database())"))
    DATABASE_BYTES.set(size or 0)
    for name in ("dead", "early", "parked"):
        DEAD_LETTERS.labels(name).set(counts.get(name, 0))


async def _database_lacks(
    sessions: Any, also: _Asking | None
) -> tuple[dict[str, str], dict[str, str]]:
    try:
        async with sessions() as session:
            last = await session.scalar(text(LAST_ID_SQL)) or 1
            cache = await session.scalar(
                text(
                    "select seqcache from pg_sequence"
                    " where seqrelid = pg_get_serial_sequence('outbox', 'id')::regclass"
                )
            )
            following = f"outbox_{first_id(partition_of(last) + 1)}"
            ahead = await session.scalar(text("select to_regclass(:name)"), {"name": following})
            waiting = await backlog(session)
            if also is not None:
                await also(session)
    except Exception as error:
        return {"database": f"{type(error).__name__}: is PostgreSQL reachable and migrated?"}, {}
    lacks, warnings = {}, {}
    if cache != 1:
        lacks["outbox_sequence"] = f"its cache is {cache}; it must be 1, or events lose their order"
    if not ahead:
        warnings["outbox_partitions"] = "less than a whole partition is ahead of the last id"
    if waiting.warning is not None:
        warnings["outbox"] = waiting.warning
    return lacks, warnings
