"""``make verify`` knows by itself what each service hears; here it is compared with them."""

import importlib
from pathlib import Path

import pytest

from deploy.verify.hears import HEARS, topic_of
from deploy.verify.sources import TOPICS as VERIFIED
from shared.events.catalogue import EVENTS, TOPICS
from shared.settings import Settings


@pytest.mark.parametrize("service", HEARS)
async def test_verify_expects_what_the_service_handles(service: str, tmp_path: Path) -> None:
    module = importlib.import_module(f"services.{service}.app")
    settings_class: type[Settings] = getattr(module, "Settings", Settings)
    settings = settings_class(database_url="postgresql+asyncpg://nobody@127.0.0.1/none")

    app = module.create_app(settings)

    assert set(app.state.handlers.by_type) == HEARS[service]


def test_verify_knows_the_topics() -> None:
    heard = {type for types in HEARS.values() for type in types}

    assert set(VERIFIED) == set(TOPICS)
    assert {type: topic_of(type) for type in heard} == {type: EVENTS[type].topic for type in heard}
