"""A statement is prepared once, and not for every number of rows that a batch may have."""

from sqlalchemy import text

from shared.batch import BatchHandler
from shared.clock import Clock
from shared.database import create_engine, create_sessions
from shared.testing import ServiceUnderTest, record_of
from tests.bench.flow import assigned

PREPARED = text("select statement from pg_prepared_statements")


async def test_batches_of_any_size_prepare_the_same_statements(
    notification: ServiceUnderTest,
) -> None:
    settings, handlers = notification.app.state.settings, notification.app.state.handlers
    engine = create_engine(settings.database_url, name="one", size=1)
    sessions = create_sessions(engine, source="notification", clock=Clock())
    batches = BatchHandler(sessions, handlers)
    seen = []

    for size in (2, 3, 5, 8):
        await batches.handle(notification.read(*(record_of(assigned()) for _ in range(size))))
        async with sessions() as session:
            seen.append(set(await session.scalars(PREPARED)))

    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert len(seen[0]) > 5
    await engine.dispose()
