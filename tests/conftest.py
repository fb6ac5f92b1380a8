"""A real PostgreSQL for every test; a real broker process where the test asks for ``kafka``."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog

from deploy.local.stack import LocalStack, local_stack, temporary_folder
from deploy.migrate import upgrade
from shared.database import engine_of
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from shared.tokens import ensure_key


def _without_trail(_logger: Any, _method: str, entry: Any) -> Any:
    """Hundreds of ids a line would bury why a test failed, and take longer than the test."""
    if entry["event"].startswith("events_"):
        raise structlog.DropEvent
    return entry


structlog.configure(
    processors=[
        _without_trail,
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer(colors=False),
    ]
)


# an example that takes long tells of the machine, not of the code
hypothesis.settings.register_profile(
    "dondoc", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("dondoc")


LONGEST = ("tests/compose/test_rotation.py", "tests/compose/test_upgrade.py")
LONG = ("tests/e2e/", "tests/chaos/", "tests/operations/", "tests/shared/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first, so that two processes that share the files end together."""
    items.sort(key=lambda one: 2 - one.nodeid.startswith(LONG) - 2 * one.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[LocalStack]:
    """PostgreSQL with a migrated database per service, and a broker."""
    with temporary_folder() as folder:
        async with local_stack(folder) as stack:
            yield stack


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_key(folder)
    return folder


async def _service(name: str, stack: LocalStack, keys: Path) -> AsyncIterator[ServiceUnderTest]:
    module = importlib.import_module(f"services.{name}.app")
    models = importlib.import_module(f"services.{name}.models.base")
    url = stack.database_url(name)
    await asyncio.to_thread(upgrade, name, url)
    settings_class: type[Settings] = getattr(module, "Settings", Settings)
    settings = settings_class(
        database_url=url, kafka_url=stack.kafka_url, jwks=str(keys / "jwks.json")
    )
    service = ServiceUnderTest(module.create_app(settings), keys, models.Base.metadata)
    yield service
    await engine_of(service.sessions).dispose()


@pytest.fixture(scope="session")
async def _assignment(stack: LocalStack, keys: Path) -> AsyncIterator[ServiceUnderTest]:
    async for service in _service("assignment", stack, keys):
        yield service


@pytest.fixture(scope="session")
async def _reporting(stack: LocalStack, keys: Path) -> AsyncIterator[ServiceUnderTest]:
    async for service in _service("reporting", stack, keys):
        yield service


@pytest.fixture(scope="session")
async def _notification(stack: LocalStack, keys: Path) -> AsyncIterator[ServiceUnderTest]:
    async for service in _service("notification", stack, keys):
        yield service


@pytest.fixture(scope="session")
async def _budget(stack: LocalStack, keys: Path) -> AsyncIterator[ServiceUnderTest]:
    async for service in _service("budget", stack, keys):
        yield service


@pytest.fixture
async def assignment(_assignment: ServiceUnderTest) -> ServiceUnderTest:
    await _assignment.empty()
    return _assignment


@pytest.fixture
async def reporting(_reporting: ServiceUnderTest) -> ServiceUnderTest:
    await _reporting.empty()
    return _reporting


@pytest.fixture
async def notification(_notification: ServiceUnderTest) -> ServiceUnderTest:
    await _notification.empty()
    return _notification


@pytest.fixture
async def budget(_budget: ServiceUnderTest) -> ServiceUnderTest:
    await _budget.empty()
    return _budget
