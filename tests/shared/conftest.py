"""The probe service, its database emptied, and a log to look at."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.stack import LocalStack
from deploy.topics import provision
from shared.database import create_engine, engine_of
from shared.lanes import create_producer, drop
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from tests.shared import probe as probe_service
from tests.shared.plumbing import Log, connect, connect_relay


@pytest.fixture(scope="session")
async def _probe_settings(stack: LocalStack, keys: Path) -> Settings:
    await stack.create_database(probe_service.NAME)
    settings = Settings(
        database_url=stack.database_url(probe_service.NAME),
        kafka_url=stack.kafka_url,
        kafka_kind=stack.kafka_kind,
        jwks=str(keys / "jwks.json"),
    )
    engine = create_engine(settings.database_url, name="setup")
    await probe_service.create_tables(engine)
    await engine.dispose()
    await provision(stack.kafka_url)
    return settings


@pytest.fixture(scope="session")
async def _probe(_probe_settings: Settings, keys: Path) -> AsyncIterator[ServiceUnderTest]:
    app = probe_service.create_app(_probe_settings)
    service = ServiceUnderTest(app, keys, probe_service.Base.metadata)
    yield service
    await engine_of(service.sessions).dispose()


@pytest.fixture
async def probe(_probe: ServiceUnderTest) -> ServiceUnderTest:
    await _probe.empty()
    probe_service.mended.clear()
    return _probe


@pytest.fixture
async def probe_settings(_probe_settings: Settings, probe: ServiceUnderTest) -> Settings:
    return _probe_settings


@pytest.fixture
async def log(_probe_settings: Settings) -> Log:
    log = Log(_probe_settings.kafka_url)
    await log.begin()
    return log


@pytest.fixture
async def writer(probe_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(probe_settings)
    yield connection
    connection.terminate()


@pytest.fixture
async def rival(probe_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(probe_settings)
    yield connection
    connection.terminate()


@pytest.fixture
async def reader(probe_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect_relay(probe_settings)
    yield connection
    connection.terminate()


@pytest.fixture
async def producer(probe_settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    producer = create_producer(probe_settings, "test")
    await producer.start()
    yield producer
    await drop(producer)
