"""Routes without a token: health, metrics, and the pages that describe the API."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select, text

from shared.messaging import PARTITION_IDS, DeadLetter, OutboxRow
from shared.metrics import DEAD_LETTERS

router = APIRouter(include_in_schema=False)

ASSETS = "/docs/assets"
"""Where the vendored Swagger UI (Apache-2.0) is served."""


def assets() -> StaticFiles:
    return StaticFiles(directory=Path(__file__).parent / "docs_page")


@router.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/health/ready")
async def ready(request: Request, response: Response) -> dict[str, Any]:
    """200 when everything is there; 503 with what is missing, in words."""
    app = request.app.state
    missing = await _database_lacks(app.sessions)
    if app.handlers.topics and not app.consumer.reading:
        missing["consumer"] = _why_not_reading(app)
    if app.relay.problem is not None:
        missing["relay"] = app.relay.problem
    response.status_code = 503 if missing else 200
    return {"status": "not ready" if missing else "ready", "missing": missing}


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
    try:
        async with request.app.state.sessions() as session:
            found = await session.execute(
                select(DeadLetter.state, func.count())
                .where(DeadLetter.state.in_(("dead", "parked")))
                .group_by(DeadLetter.state)
            )
            counts = {row[0]: row[1] for row in found}
        for state in ("dead", "parked"):
            DEAD_LETTERS.labels(state).set(counts.get(state, 0))
    except Exception:
        DEAD_LETTERS.clear()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _why_not_reading(app: Any) -> str:
    if app.consumer.name.taken_by_another:
        name = app.settings.replica
        return f"another process runs as replica {name!r}; each needs a DONDOC_REPLICA of its own"
    return "no partitions assigned; is Kafka reachable?"


async def _database_lacks(sessions: Any) -> dict[str, str]:
    try:
        async with sessions() as session:
            last = await session.scalar(select(func.max(OutboxRow.id))) or 0
            cache = await session.scalar(
                text(
                    "select seqcache from pg_sequence"
                    " where seqrelid = pg_get_serial_sequence('outbox', 'id')::regclass"
                )
            )
            ahead = await session.scalar(
                text("select count(*) from pg_class where relname = :name"),
                {"name": f"outbox_{(last // PARTITION_IDS + 1) * PARTITION_IDS + 1}"},
            )
    except Exception as error:
        return {"database": f"{type(error).__name__}: is PostgreSQL reachable and migrated?"}
    lacks = {}
    if cache != 1:
        lacks["outbox_sequence"] = f"its cache is {cache}; it must be 1, or events lose their order"
    if not ahead:
        lacks["outbox_partitions"] = "less than a whole partition is ahead of the last id"
    return lacks
