"""Every route of every service: who may call it, and what all of them refuse alike (api.md §1)."""

import base64
import json
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import anyio.to_thread
import httpx
import pytest

from shared.auth import UserRole
from shared.testing import ServiceUnderTest
from tests.assignment.letter import LETTER
from tests.contracts.record import ASYNCAPI

C, A, B, AU, OP = (
    UserRole.COORDINATOR,
    UserRole.AGENCY,
    UserRole.BUDGET,
    UserRole.AUDITOR,
    UserRole.OPERATOR,
)
READERS = {C, A, AU}
REASON = {"reason": "x"}
LATER = {"reason": "x", "due_on": "2017-01-01"}
CREATE = 422
"""What a PUT with an empty body answers: nothing is created."""


class Route(NamedTuple):
    """``refused``: what a caller who may call it is answered when the thing is not there."""

    method: str
    path: str
    roles: set[UserRole]
    body: Any = None
    refused: int = 404


ROUTES = {
    "assignment": [
        Route("POST", "/intake", {C}, refused=201),
        Route("GET", "/intake", {C, AU}, refused=200),
        Route("GET", "/intake/{id}", {C, AU}),
        Route("GET", "/intake/{id}/original", {C, AU}),
        Route("GET", "/intake/{id}/originals", {C, AU}),
        Route("GET", "/intake/{id}/originals/{sha256}", {C, AU}),
        Route("GET", "/intake/{id}/text", {C, AU}),
        Route("GET", "/intake/{id}/corrections", {C, AU}, refused=200),
        Route("GET", "/intake/{id}/annotations", {C, AU}),
        Route("PATCH", "/intake/{id}", {C}, {}),
        Route("POST", "/intake/{id}/confirm", {C}, {"directive_id": str(uuid4())}),
        Route("PUT", "/directives/{id}", {C}, {}, CREATE),
        Route("GET", "/directives", READERS, refused=200),
        Route("GET", "/directives/{id}", READERS),
        Route("POST", "/directives/{id}/issue", {C}),
        Route("POST", "/directives/{id}/discard", {C}),
        Route("GET", "/tasks", READERS, refused=200),
        Route("GET", "/tasks/{id}", READERS),
        Route("GET", "/tasks/{id}/history", READERS),
        Route("GET", "/tasks/{id}/deadline", READERS),
        Route("POST", "/tasks/{id}/acknowledge", {A}),
        Route("POST", "/tasks/{id}/start", {A}),
        Route("POST", "/tasks/{id}/return", {A}, REASON),
        Route("POST", "/tasks/{id}/request-extension", {A}, LATER),
        Route("POST", "/tasks/{id}/refuse-extension", {C}, REASON),
        Route("POST", "/tasks/{id}/extend", {C}, LATER),
        Route("POST", "/tasks/{id}/refuse-return", {C}, REASON),
        Route("POST", "/tasks/{id}/reassign", {C}, {**REASON, "agency": "HN-STC"}),
        Route("POST", "/tasks/{id}/cancel", {C}, REASON),
        Route("GET", "/agencies", {C, A, B, AU}, refused=200),
        Route("GET", "/agencies/{code}", {C, A, B, AU}),
        Route("GET", "/groups", {C, A, B, AU}, refused=200),
        Route("GET", "/groups/{code}", {C, A, B, AU}),
        Route("GET", "/calendar", {C, A, B, AU}, refused=200),
        Route("PUT", "/calendar/{day}", {C}, {}, CREATE),
    ],
    "reporting": [
        Route("GET", "/obligations", READERS, refused=200),
        Route("GET", "/obligations/{id}", READERS),
        Route("PUT", "/reports/{id}", {A}, {"obligation_id": str(uuid4()), "narrative": "x"}),
        Route("GET", "/reports", READERS, refused=200),
        Route("GET", "/reports/{id}", READERS),
        Route("POST", "/reports/{id}/accept", {C}),
        Route("POST", "/reports/{id}/send-back", {C}, {"remarks": "x"}),
        Route("GET", "/statistics", READERS, refused=200),
        Route("GET", "/periods/{regime}/{period}", READERS, refused=422),
    ],
    "notification": [
        Route("GET", "/inbox", {C, A}, refused=200),
        Route("POST", "/inbox/{id}/read", {C, A}),
        Route("GET", "/contacts/{agency}", READERS),
        Route("PUT", "/contacts/{agency}", {C, A}, {}, CREATE),
        Route("GET", "/notices", READERS, refused=200),
        Route("GET", "/deliveries", READERS, refused=422),
    ],
    "budget": [
        Route("GET", "/lines", {C, A, B, AU}, refused=200),
        Route("GET", "/lines/{id}", {C, A, B, AU}),
        Route("GET", "/lines/{id}/movements", {A, B, AU}),
        Route("PUT", "/lines/{id}", {B}, {}, CREATE),
        Route("PATCH", "/lines/{id}", {B}, {"purpose": "x"}),
        Route("POST", "/lines/{id}/propose", {A, B}, {"amount": 1}),
        Route("POST", "/lines/{id}/approve", {B}, {"amount": 1}),
        Route("POST", "/lines/{id}/assign", {B}, {"amount": 1}),
        Route("POST", "/lines/{id}/adjust", {B}, {"amount": 1}),
        Route("POST", "/lines/{id}/commit", {A, B}, {"amount": 1}),
        Route("POST", "/lines/{id}/release", {B}, {"amount": 1}),
        Route("POST", "/lines/{id}/disburse", {B}, {"amount": 1}),
        Route("GET", "/summary", {C, A, B, AU}, refused=422),
    ],
}
OPERATOR = [
    Route("GET", "/operator/dead-letters", {OP}, refused=200),
    Route("GET", "/operator/dead-letters/{letter_id}", {OP}),
    Route("POST", "/operator/dead-letters/{letter_id}/replay", {OP}),
    Route("POST", "/operator/dead-letters/{letter_id}/discard", {OP}, REASON),
    Route("GET", "/operator/outbox", {OP}, refused=200),
    Route("POST", "/operator/outbox/replay", {OP}, {"first": 1, "last": 1}, 422),
]
LISTS = {
    "assignment": ["/tasks", "/directives", "/intake", "/agencies"],
    "reporting": ["/obligations", "/reports"],
    "notification": ["/inbox", "/notices"],
    "budget": ["/lines"],
}
ODD = {
    "colour": "colour=red",
    "limit": "limit=201",
    "sort": "sort=column;drop",
    "cursor": "cursor=WyJcdTAwMDAiLCJhIl0",
}
NO_DAYS = ("0", "2016-02-30", "2016-10-20T00:00:00", "infinity", "10000-01-01")


@pytest.fixture(params=sorted(ROUTES))
def service(request: pytest.FixtureRequest) -> ServiceUnderTest:
    found: ServiceUnderTest = request.getfixturevalue(request.param)
    return found


def name_of(service: ServiceUnderTest) -> str:
    name: str = service.app.state.name
    return name


async def call(service: ServiceUnderTest, route: Route, role: UserRole) -> httpx.Response:
    ids = {"id": uuid4(), "letter_id": 1, "code": "HN-XX", "agency": "HN-SCT", "day": "2016-01-01"}
    path = route.path.format(**ids, regime="x", period="x", sha256="0" * 64)
    headers = {"If-Match": '"1"'}
    agency = "HN-SCT" if role is A else None
    async with service.client(role, agency=agency, headers=headers) as client:
        if path == "/intake" and route.method == "POST":
            text = {"Content-Type": "text/plain"}
            return await client.post(path, content=LETTER, headers=text)
        return await client.request(route.method, path, json=route.body)


async def test_no_route_is_without_its_line_in_this_table(service: ServiceUnderTest) -> None:
    there = {
        (method.upper(), path)
        for path, operations in service.app.openapi()["paths"].items()
        for method in operations
    }
    table = [*ROUTES[name_of(service)], *OPERATOR]

    assert {(method, _unnamed(path)) for method, path in there} == {
        (route.method, _unnamed(route.path)) for route in table
    }


def _unnamed(path: str) -> str:
    """A path without the names of its parameters."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


async def test_each_role_may_do_what_the_table_says_and_nothing_else(
    service: ServiceUnderTest,
) -> None:
    for route in [*ROUTES[name_of(service)], *OPERATOR]:
        for role in UserRole:
            answer = await call(service, route, role)
            if role in route.roles:
                assert answer.status_code in (route.refused, 200), (route, role, answer.text)
            else:
                assert answer.status_code == 403, (route, role)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["instance"] == answer.headers["x-correlation-id"]


async def test_no_route_needs_a_thread(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One costs more than all that routes depend on, and waits while the loop is busy."""

    async def refuse(function: Callable[..., Any], *_arguments: Any, **_options: Any) -> None:
        raise AssertionError(f"{function} would run in a thread")

    monkeypatch.setattr(anyio.to_thread, "run_sync", refuse)
    for route in [*ROUTES[name_of(service)], *OPERATOR]:
        answer = await call(service, route, min(route.roles))
        assert answer.status_code < 500, route


async def test_without_a_token_there_is_nothing_but_a_401(service: ServiceUnderTest) -> None:
    for route in [*ROUTES[name_of(service)], *OPERATOR]:
        path = route.path.format_map(dict.fromkeys(_parameters(route.path), uuid4()))
        async with service.client(C, headers={"Authorization": "Bearer x.y.z"}) as client:
            answer = await client.request(route.method, path, json=route.body)
        assert answer.status_code == 401, route
        assert answer.headers["www-authenticate"] == "Bearer"


def _parameters(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


async def test_each_service_serves_the_asyncapi_that_is_recorded(
    service: ServiceUnderTest,
) -> None:
    async with service.client(AU) as client:
        served = (await client.get("/asyncapi.json")).json()
        openapi = (await client.get("/openapi.json")).json()

    recorded = json.loads((ASYNCAPI / f"{name_of(service)}.json").read_text())
    assert served == recorded
    assert openapi["openapi"].startswith("3.1")


async def test_what_a_path_does_not_take_is_answered_with_all_that_it_does(
    service: ServiceUnderTest,
) -> None:
    table = [*ROUTES[name_of(service)], *OPERATOR]
    async with service.client(C) as client:
        for path in {route.path for route in table}:
            filled = path.format_map(dict.fromkeys(_parameters(path), uuid4()))
            answer = await client.delete(filled)
            allowed = {route.method for route in table if route.path == path}
            allowed |= {"HEAD"} if "GET" in allowed else set()
            assert answer.status_code == 405, path
            assert set(answer.headers["allow"].split(", ")) == allowed, path


async def test_head_is_answered_with_what_get_says_of_itself(service: ServiceUnderTest) -> None:
    """Whoever watches a service asks so. That no body comes: tests/shared/test_head.py."""
    probes = [Route("GET", path, {C}) for path in ("/health/live", "/openapi.json", "/metrics")]
    for route in [*ROUTES[name_of(service)], *OPERATOR, *probes]:
        role = min(route.roles)
        head = await call(service, route._replace(method="HEAD", body=None), role)
        if route.method == "GET":
            got = await call(service, route, role)
            assert head.status_code == got.status_code != 405, route
            assert head.headers["content-type"] == got.headers["content-type"]
            if not route.path.startswith("/metrics"):
                assert head.headers["content-length"] == got.headers["content-length"]


async def test_lists_refuse_what_they_do_not_know_and_name_it(service: ServiceUnderTest) -> None:
    async with service.client(C) as client:
        for path in LISTS[name_of(service)]:
            for named, query in ODD.items():
                answer = await client.get(f"{path}?{query}")
                assert answer.status_code == 422, (path, query)
                assert named in answer.json()["detail"].lower()
            assert (await client.get(f"{path}?cursor=%00")).status_code == 422
            page = await client.get(f"{path}?limit=200&count=true")
            assert (page.status_code, page.json()["count"]) == (200, 0)
            assert set(page.json()) == {"items", "next", "count"}


@pytest.mark.parametrize("service", ["assignment", "notification"], indirect=True)
async def test_a_cursor_at_an_instant_that_utc_does_not_have_is_refused(
    service: ServiceUnderTest,
) -> None:
    by_time = {"assignment": ["/intake"], "notification": ["/inbox", "/notices"]}
    async with service.client(C) as client:
        for path in by_time[name_of(service)]:
            for instant in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
                place = json.dumps([instant, str(uuid4())]).encode()
                cursor = base64.urlsafe_b64encode(place).decode().rstrip("=")
                answer = await client.get(path, params={"cursor": cursor})
                assert answer.status_code == 422, (path, instant)


@pytest.mark.parametrize("service", ["assignment", "reporting"], indirect=True)
async def test_a_date_is_a_day_and_nothing_else(service: ServiceUnderTest) -> None:
    path = LISTS[name_of(service)][0]
    async with service.client(C) as client:
        for text in NO_DAYS:
            answer = await client.get(f"{path}?due_before={text}")
            assert answer.status_code == 422, text
            assert "due_before" in answer.json()["detail"]


async def test_a_field_that_is_not_the_callers_to_set_is_refused(
    service: ServiceUnderTest,
) -> None:
    for route in [*ROUTES[name_of(service)], *OPERATOR]:
        if route.body is None:
            continue
        for field in ("state", "due", "created_by", "version"):
            more = route._replace(body={**route.body, field: "x"})
            answer = await call(service, more, min(route.roles))
            assert answer.status_code == 422, (route, field)
            assert field in answer.json()["detail"]


async def test_a_body_where_none_is_taken_is_refused_and_not_passed_over(
    service: ServiceUnderTest,
) -> None:
    for route in [*ROUTES[name_of(service)], *OPERATOR]:
        if route.body is None and route.method != "GET" and route.path != "/intake":
            role = min(route.roles)
            said = await call(service, route._replace(body={"state": "x"}), role)
            assert said.status_code == 422, (route, said.text)
            assert said.json()["type"] == "urn:dondoc:unexpected-body"
            empty = await call(service, route._replace(body={}), role)
            assert empty.status_code == route.refused, (route, empty.text)


async def test_a_search_of_ten_kilobytes_is_refused(assignment: ServiceUnderTest) -> None:
    async with assignment.client(C) as client:
        for path in ("/agencies?q=", "/directives?number_symbol="):
            assert (await client.get(f"{path}{'%25' * 10_000}")).status_code == 422
