"""The OpenAPI documents say what is really sent and answered: a client made of them works."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.auth import UserRole
from shared.testing import ServiceUnderTest
from tests.assignment.steps import a_directive
from tests.test_routes import LISTS, OPERATOR, ROUTES, Route, name_of

CREATES = {
    "assignment": {("post", "/intake"), ("put", "/directives/{directive_id}")},
    "reporting": {("put", "/reports/{report_id}")},
    "notification": {("put", "/contacts/{agency}")},
    "budget": {("put", "/lines/{line_id}")},
}


@pytest.fixture(params=sorted(ROUTES))
def service(request: pytest.FixtureRequest) -> ServiceUnderTest:
    found: ServiceUnderTest = request.getfixturevalue(request.param)
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


async def document_of(service: ServiceUnderTest) -> dict[str, Any]:
    async with service.client(UserRole.AUDITOR) as client:
        document: dict[str, Any] = (await client.get("/openapi.json")).json()
    return document


def header(operation: dict[str, Any], name: str) -> dict[str, Any] | None:
    found = [one for one in operation["parameters"] if one["name"].lower() == name]
    return found[0] if found else None


async def test_every_error_is_described_as_the_problem_it_is(service: ServiceUnderTest) -> None:
    document = await document_of(service)
    async with service.client(UserRole.COORDINATOR) as client:
        answer = await client.get(f"{LISTS[name_of(service)][0]}?limit=0")

    for method, path, operation in operations(document):
        answers = operation["responses"]
        assert {status for status in answers if status[0] != "2"} == {"default"}, (method, path)
        (media,) = answers["default"]["content"]
        assert media == answer.headers["content-type"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    described = document["components"]["schemas"]["Problem"]
    assert set(described["required"]) | {"errors"} == set(answer.json())


async def test_what_may_be_new_is_described_with_a_201(service: ServiceUnderTest) -> None:
    document = await document_of(service)

    described = {
        (method, path) for method, path, one in operations(document) if "201" in one["responses"]
    }
    assert described == CREATES[name_of(service)]


async def test_every_post_and_nothing_else_has_an_idempotency_key(
    service: ServiceUnderTest,
) -> None:
    for method, path, operation in operations(await document_of(service)):
        told = header(operation, "idempotency-key")
        assert (told is not None and told["required"]) is (method == "post"), (method, path)


async def test_a_version_is_required_where_it_is_missed(service: ServiceUnderTest) -> None:
    for method, path, operation in operations(await document_of(service)):
        told = header(operation, "if-match")
        if told is not None:
            answer = await without_version(service, method, path)
            assert (answer.status_code == 428) is told["required"], (method, path)


async def without_version(service: ServiceUnderTest, method: str, path: str) -> httpx.Response:
    route = route_of(service, method, path)
    async with service.client(min(route.roles - {UserRole.AGENCY})) as client:
        filled = route.path.format(id=uuid4(), agency="HN-SCT")
        return await client.request(method, filled, json=route.body)


def route_of(service: ServiceUnderTest, method: str, path: str) -> Route:
    def unnamed(path: str) -> list[str]:
        return ["{}" if part.startswith("{") else part for part in path.split("/")]

    (found,) = [
        route
        for route in [*ROUTES[name_of(service)], *OPERATOR]
        if route.method == method.upper() and unnamed(route.path) == unnamed(path)
    ]
    return found


async def test_what_stays_when_absent_has_no_default_that_a_client_would_send(
    assignment: ServiceUnderTest, budget: ServiceUnderTest
) -> None:
    changes = (await document_of(assignment))["components"]["schemas"]
    lines = (await document_of(budget))["components"]["schemas"]

    for schema in (changes["CorrectProposal"], changes["CorrectItem"], changes["CorrectHeader"]):
        assert "default" not in str(schema["properties"])
    assert "default" not in str(lines["CorrectLine"]["properties"])
    assert "default" in str(changes["CreateItem"]["properties"])


async def test_a_key_that_the_document_allows_is_taken(assignment: ServiceUnderTest) -> None:
    key = header((await document_of(assignment))["paths"]["/intake"]["post"], "idempotency-key")
    assert key is not None
    path = f"/directives/{uuid4()}"
    longest = {"Idempotency-Key": "~" * key["schema"]["maxLength"]}
    longer = {"Idempotency-Key": "~" * (key["schema"]["maxLength"] + 1)}
    async with assignment.client(UserRole.COORDINATOR) as client:
        await client.put(path, json={**a_directive(), "issuer": "HN-UBND"})
        refused = await client.post(f"{path}/issue", headers=longer)
        taken = await client.post(f"{path}/issue", headers=longest)

    assert refused.json()["type"] == "urn:dondoc:idempotency-key-missing"
    assert taken.json()["type"] != "urn:dondoc:idempotency-key-missing"
