"""What an operator and an office do with a deployed site."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

from deploy.demo.clerk import LETTER
from shared.auth import UserRole
from tests.compose.site import Site
from tests.e2e.load import Load


def until(found: Callable[[], Any], seconds: float = 400) -> Any:
    """What is found at last; the last error is told if nothing is."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if value := found():
                return value
        except (httpx.HTTPError, AssertionError):
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, f"nothing after {seconds} s"
        time.sleep(0.5)


def post(client: httpx.Client, path: str, body: Any = None, **more: Any) -> Any:
    headers = {"Idempotency-Key": str(uuid4()), **more.pop("headers", {})}
    answer = client.post(path, json=body, headers=headers, **more)
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
    return answer.json()


def ready(site: Site, service: str) -> bool:
    return httpx.get(f"{site.url(service)}/health/ready", timeout=30).status_code == 200


def issue_6050(site: Site) -> str:
    """Letter 6050 read and issued over the published API; the directive's id."""
    with site.client("assignment", UserRole.COORDINATOR) as clerk:
        kind = {"Content-Type": "text/plain"}
        headers = {"Idempotency-Key": str(uuid4()), **kind}
        answer = clerk.post("/intake", content=LETTER.read_bytes(), headers=headers)
        assert answer.is_success, answer.text
        proposal, directive = answer.json(), str(uuid4())
        post(clerk, f"/intake/{proposal['id']}/confirm", {"directive_id": directive})
        post(clerk, f"/directives/{directive}/issue")
    return directive


class Offices:
    """Clients of the published APIs."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def client(
        self, service: str, role: UserRole, *, agency: str | None = None
    ) -> httpx.AsyncClient:
        return httpx.AsyncClient(**self._site.signed_in(service, role, agency))


@contextmanager
def load_on(site: Site) -> Iterator[Load]:
    """Directives are issued and tasks acknowledged meanwhile; what was not answered is repeated."""
    load = Load(Offices(site))
    with ThreadPoolExecutor(1) as thread:
        working = thread.submit(lambda: asyncio.run(load.run()))
        try:
            yield load
        finally:
            load.stopping = True
        working.result()
