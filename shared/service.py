"""What makes a process one of our services. A function to call, not a class to extend."""

import asyncio
import gc
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from pydantic import ValidationError

from shared import health, openapi, operator, problems
from shared.asyncapi import asyncapi
from shared.auth import Authenticator
from shared.batch import BatchHandler
from shared.codec import describe
from shared.connections import correct_aiokafka
from shared.consumer import Consumer
from shared.database import create_engine, create_sessions
from shared.handlers import Handlers
from shared.housekeeping import housekeeping
from shared.jobs import Job, JobContext, Worker, loops
from shared.logging import configure_logging
from shared.relay import Relay
from shared.requests import HeadAsGet, RequestContext
from shared.restore_mark import RestoreUnfinished, refuse_half_restored
from shared.retention import InboxRetention
from shared.settings import Settings
from shared.tracing import create_tracing

log = structlog.get_logger()


def create_service(
    name: str,
    settings: Settings,
    *,
    routers: Sequence[APIRouter],
    handlers: Handlers,
    jobs: Sequence[Job | Worker] = (),
    max_body: Mapping[str, int] = {},
) -> FastAPI:
    """One process: API, consumer, relay and jobs on one database.

    It starts and serves while Kafka or the database is away, and recovers by itself.
    ``max_body``: paths whose bodies may be larger than others, with their limit in bytes.
    """
    clock = settings.clock
    engine = create_engine(settings.database_url, name=f"{name}-{settings.replica}")
    sessions = create_sessions(engine, source=name, clock=clock)
    tracing = create_tracing(name, settings)
    relay = Relay(name, settings, tracing)
    sessions.kw["info"] |= {"wake": relay.wake, "tracing": tracing}
    consumer = Consumer(name, settings, handlers, BatchHandler(sessions, handlers, tracing=tracing))
    inbox = InboxRetention(handlers.topics, settings)
    context = JobContext(
        sessions,
        clock,
        settings.job_seconds,
        settings.sweep_grace_seconds,
        consumer.caught_up,
        tracing,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        own = [*jobs, *housekeeping(name, settings, handlers, inbox)]
        async with _running([consumer.run, relay.run, *loops(own, context)]):
            log.info("service_started", replica=settings.replica)
            yield
            log.info("service_stopping")
        await tracing.close()
        await engine.dispose()

    app = FastAPI(
        title=f"Dondoc {name}", version="1", lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.name, app.state.settings, app.state.clock = name, settings, clock
    app.state.sessions, app.state.handlers = sessions, handlers
    app.state.relay, app.state.consumer, app.state.inbox = relay, consumer, inbox
    app.state.authenticator, app.state.under_way = Authenticator(settings), Counter()
    problems.install(app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestContext, max_body=max_body, tracing=tracing)
    for router in (*routers, operator.router, health.router):
        app.include_router(router)
    app.mount(health.ASSETS, health.assets())
    openapi.describe(app)
    app.get("/asyncapi.json", include_in_schema=False)(cache(lambda: asyncapi(name)))
    return app


@asynccontextmanager
async def _running(tasks: Sequence[Callable[[], Awaitable[None]]]) -> AsyncIterator[None]:
    """The tasks beside the API; at the end the batch in hand is let finish."""
    running = [asyncio.ensure_future(task()) for task in tasks]
    for task in running:
        task.add_done_callback(_end_on_bug)
    try:
        yield
    finally:
        for task in running:
            task.remove_done_callback(_end_on_bug)
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _end_on_bug(task: "asyncio.Future[None]") -> None:
    """A loop that ends is a bug: better a process that is started again than half a service."""
    error = None if task.cancelled() else task.exception()
    log.critical("background_task_ended", exc_info=error)
    sys.exit(3)


def settle_memory() -> None:
    """Keep the collector away from what lives as long as the process.

    With the default thresholds it walks through 180,000 lasting objects again and again while a
    batch is decoded: 31 instead of 17 microseconds an event. What the start left as garbage stays,
    too: to look for it takes a tenth of the start, and it is a thousand objects.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


def serve(name: str, create_app: Callable[[], FastAPI]) -> None:
    """Run the service until SIGTERM or SIGINT; exit code 2 for settings that cannot be used."""
    try:
        settings = Settings()
        configure_logging(name, level=settings.log_level, as_json=settings.log_json)
        app = create_app()
    except ValueError as error:
        told = describe(error) if isinstance(error, ValidationError) else error
        sys.stderr.write(f"{name}: wrong settings (DONDOC_…): {told}\n")
        sys.exit(2)
    try:
        asyncio.run(refuse_half_restored(settings, name))
    except RestoreUnfinished as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(2)
    settle_memory()
    correct_aiokafka()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        loop="uvloop",
    )
