"""What all services do alike over HTTP (api.md §1), shown on the probe."""

import asyncio
import gzip
import re
from pathlib import Path
from uuid import uuid4

import orjson
import pytest

from shared import http
from shared.auth import UserRole
from shared.database import engine_of
from shared.events import assignment
from shared.messaging import IdempotencyKey, OutboxRow
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from tests.shared import probe as probe_service
from tests.shared.probe import Root

SAY = "/probe/say"


def body() -> dict[str, str]:
    return {"key": str(uuid4())}


async def test_a_post_sent_again_gets_the_same_answer_and_has_one_effect(
    probe: ServiceUnderTest,
) -> None:
    said = body()
    async with probe.client(UserRole.COORDINATOR, headers={"Idempotency-Key": "k1"}) as client:
        first = await client.post(SAY, json=said)
        again = await client.post(SAY, json=said)
        other = await client.post(SAY, json=body())

    assert (first.status_code, first.json()) == (200, {"number": 1})
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert (other.status_code, other.json()["type"]) == (409, "urn:dondoc:idempotency-key-reused")
    assert len(await probe.published(assignment.TaskReturned)) == 1


async def test_two_hundred_at_once_with_one_key_have_one_effect(probe: ServiceUnderTest) -> None:
    said = body()
    async with probe.client(UserRole.COORDINATOR, headers={"Idempotency-Key": "k1"}) as client:
        answers = await asyncio.gather(*(client.post(SAY, json=said) for _ in range(200)))

    done = [answer for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert done
    assert all(answer.json() == {"number": 1} for answer in done)
    assert len(await probe.published(assignment.TaskReturned)) == 1


async def test_more_at_once_than_one_caller_may_is_a_429_and_others_are_served(
    probe: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_AT_ONCE", 5)
    async with (
        probe.client(UserRole.COORDINATOR, subject="greedy") as greedy,
        probe.client(UserRole.COORDINATOR, subject="lan") as lan,
    ):
        *answers, other = await asyncio.gather(
            *(greedy.post(SAY, json=body()) for _ in range(20)), lan.post(SAY, json=body())
        )
        later = await greedy.post(SAY, json=body())

    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert all(answer.headers["retry-after"] for answer in refused)
    assert (other.status_code, later.status_code) == (200, 200)
    assert len(await probe.published(assignment.TaskReturned)) == 22 - len(refused)


async def test_a_token_that_is_refused_leaves_a_line_for_the_auditor(
    probe: ServiceUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
    async with probe.client(UserRole.COORDINATOR, headers=forged) as client:
        answer = await client.post(SAY, json=body())

    assert answer.status_code == 401
    assert "token_refused" in capsys.readouterr().out
    assert await probe.count(OutboxRow) == 0


async def test_a_body_that_is_packed_is_refused(probe: ServiceUnderTest) -> None:
    packed = gzip.compress(orjson.dumps(body()))
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with probe.client(UserRole.COORDINATOR, headers=headers) as client:
        answer = await client.post(SAY, content=packed)
        plain = {"Content-Encoding": "identity"}
        as_it_is = await client.post(SAY, json=body(), headers=plain)

    assert (answer.status_code, as_it_is.status_code) == (415, 200)
    assert "Content-Encoding" in answer.json()["detail"]


async def test_a_key_belongs_to_who_used_it(probe: ServiceUnderTest) -> None:
    headers = {"Idempotency-Key": "k1"}
    for subject in ("lan", "minh"):
        async with probe.client(UserRole.COORDINATOR, subject=subject, headers=headers) as client:
            assert (await client.post(SAY, json=body())).status_code == 200

    assert await probe.count(IdempotencyKey) == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 300])
async def test_a_post_needs_a_key(probe: ServiceUnderTest, key: str) -> None:
    headers = {"Idempotency-Key": key}
    async with probe.client(UserRole.COORDINATOR, headers=headers) as client:
        answer = await client.post(SAY, json=body())

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"key":"x"}',
        b'{"key":1}',
        b'{"key":"00000000-0000-0000-0000-000000000007","what":"\\u0000"}',
        b'{"key":"00000000-0000-0000-0000-000000000007","what":"\\ud800"}',
        b'{"key":"00000000-0000-0000-0000-000000000007","what":NaN}',
        b'{"key":"00000000-0000-0000-0000-000000000007","what":1}',
        b'{"key":"00000000-0000-0000-0000-000000000007","what":true}',
        b'{"key":"00000000-0000-0000-0000-000000000007","state":"done"}',
        b"[" * 100_000,
    ],
    ids=lambda raw: repr(raw)[:50],
)
async def test_a_malformed_body_is_a_422_that_says_what_is_wrong(
    probe: ServiceUnderTest, raw: bytes
) -> None:
    async with probe.client(UserRole.COORDINATOR) as client:
        answer = await client.post(SAY, content=raw, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert await probe.count(Root) == 0


async def test_another_media_type_is_a_415(probe: ServiceUnderTest) -> None:
    async with probe.client(UserRole.COORDINATOR) as client:
        answer = await client.post(SAY, content=b"key=1", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 415


async def test_a_body_that_is_too_large_is_a_413(probe: ServiceUnderTest) -> None:
    async def endless() -> object:
        for _ in range(300):
            yield b" " * 10_000

    async with probe.client(UserRole.COORDINATOR) as client:
        headers = {"Content-Type": "application/json"}
        declared = await client.post(SAY, content=b" " * 3_000_000, headers=headers)
        streamed = await client.post(SAY, content=endless(), headers=headers)  # type: ignore[arg-type]

    assert (declared.status_code, streamed.status_code) == (413, 413)


async def test_the_correlation_id_comes_back_and_goes_into_the_event(
    probe: ServiceUnderTest,
) -> None:
    async with probe.client(UserRole.COORDINATOR) as client:
        answer = await client.post(SAY, json=body(), headers={"X-Correlation-Id": "abc.1"})
        made = await client.post(SAY, json=body())
        bad = await client.get("/operator/outbox", headers={"X-Correlation-Id": "a b"})

    assert answer.headers["x-correlation-id"] == "abc.1"
    assert made.headers["x-correlation-id"]
    assert bad.status_code == 422
    async with probe.sessions() as session:
        row = await session.get_one(OutboxRow, 1)
    assert '["ce_correlationid","abc.1"]' in row.headers


@pytest.mark.parametrize(
    "query",
    ["limit=1000000000", "limit=0", "limit=x", "sort=column;drop", "cursor=%%%", "cursor=e30"],
)
async def test_odd_list_parameters_are_a_422(probe: ServiceUnderTest, query: str) -> None:
    async with probe.client(UserRole.OPERATOR) as client:
        answer = await client.get(f"/operator/dead-letters?{query}")

    assert answer.status_code == 422


async def test_an_unknown_route_and_method_are_problems_too(probe: ServiceUnderTest) -> None:
    async with probe.client(UserRole.OPERATOR) as client:
        missing, wrong = await client.get("/nowhere"), await client.delete("/operator/outbox")

    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert missing.json()["type"] == "urn:dondoc:not-found"


async def test_a_bug_shows_nothing_of_the_inside(probe: ServiceUnderTest) -> None:
    async def broken() -> None:
        raise RuntimeError("secret detail")

    probe.app.add_api_route("/broken", broken, include_in_schema=False)
    async with probe.client(UserRole.OPERATOR) as client:
        answer = await client.get("/broken", headers={"X-Correlation-Id": "c1"})

    assert answer.status_code == 500
    assert answer.json()["instance"] == "c1"
    assert "secret" not in answer.text


async def test_a_database_that_is_away_is_a_503_and_nothing_else_breaks(
    probe: ServiceUnderTest, keys: Path
) -> None:
    settings = Settings(
        database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none",
        kafka_url="127.0.0.1:1",
        jwks=str(keys / "jwks.json"),
    )
    away = ServiceUnderTest(probe_service.create_app(settings), keys, probe_service.Base.metadata)

    async with away.client(UserRole.COORDINATOR) as client:
        said = await client.post(SAY, json=body())
        ready, live = await client.get("/health/ready"), await client.get("/health/live")

    assert said.status_code == 503
    assert said.headers["retry-after"]
    assert ready.status_code == 503
    assert set(ready.json()["missing"]) >= {"database", "consumer", "relay"}
    assert live.status_code == 200
    await engine_of(away.sessions).dispose()


async def test_forwarded_headers_say_nothing(probe: ServiceUnderTest) -> None:
    spoof = {"X-Forwarded-For": "10.0.0.1", "X-User-Id": "root", "X-Role": "operator"}
    async with probe.client(UserRole.AUDITOR, headers=spoof) as client:
        assert (await client.get("/operator/outbox")).status_code == 403


async def test_the_docs_page_needs_nothing_from_outside(probe: ServiceUnderTest) -> None:
    async with probe.client(UserRole.AUDITOR) as client:
        page = (await client.get("/docs")).text
        script = await client.get("/docs/assets/swagger-ui-bundle.js")

    assert not re.search(r"(src|href)=[\"'](https?:)?//", page)
    assert script.status_code == 200
    assert len(script.content) > 500_000
