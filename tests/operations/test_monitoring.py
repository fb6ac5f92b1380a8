"""Alerts and dashboard name what the services really tell, and each alert says what to do."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx

from deploy.migrate import SERVICES
from deploy.system import System
from tests.commands import PROJECT
from tests.operations.promtool import program, promtool

FOLDER = PROJECT / "deploy" / "monitoring"
ALERTS = (FOLDER / "alerts.yml").read_text()
OPERATIONS = (PROJECT / "docs" / "operations.md").read_text()
PANELS = json.loads((FOLDER / "dashboard.json").read_text())["panels"]


def expressions() -> list[str]:
    alerts = [line.strip(" '") for line in re.findall(r"expr: (.*)", ALERTS)]
    return alerts + [target["expr"] for panel in PANELS for target in panel["targets"]]


async def told(system: System) -> dict[str, set[str]]:
    """What the four services' /metrics declare: the names, as written in code, and the samples."""
    names: dict[str, set[str]] = {}
    async with httpx.AsyncClient(timeout=60) as client:
        for service in SERVICES:
            page = (await client.get(f"{system.url(service)}/metrics")).text
            for name, kind in re.findall(r"^# TYPE (dondoc_\w+) (\w+)", page, re.M):
                more = ("_count", "_bucket", "_sum") if kind == "histogram" else ()
                if not name.endswith("_created"):
                    names.setdefault(name, set()).update({name, *(name + one for one in more)})
    return names


def test_each_alert_fires_on_its_trouble_and_keeps_still_below_it() -> None:
    done = promtool("test", "rules", "alerts_test.yml")

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_test_and_a_section_that_says_what_to_do() -> None:
    tested = (FOLDER / "alerts_test.yml").read_text()
    alerts = re.findall(r"alert: (\w+)", ALERTS)
    anchors = re.findall(r"runbook: docs/operations.md#(\S+)", ALERTS)
    titles = re.findall(r"^#+ (.+)", OPERATIONS, re.M)
    sections = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}

    assert len(anchors) == len(alerts) == ALERTS.count("summary:") == ALERTS.count("description:")
    assert set(anchors) <= sections
    assert {one for one in alerts if tested.count(f"alertname: {one}") < 2} == set()


def test_the_scrape_configuration_is_valid() -> None:
    done = promtool("check", "config", "prometheus.yml")

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_has_titled_panels_that_do_not_overlap() -> None:
    places = {(one["gridPos"]["x"], one["gridPos"]["y"]) for one in PANELS}

    assert len(places) == len({one["id"] for one in PANELS}) == len(PANELS)
    assert all(one["title"] and one["targets"] for one in PANELS)


async def test_what_is_asked_for_exists_and_what_exists_is_explained(system: System) -> None:
    names = await told(system)
    samples = set().union(*names.values())

    asked = {name for one in expressions() for name in re.findall(r"dondoc_\w+", one)}

    assert asked <= samples
    assert {name for name in names if f"`{name}`" not in OPERATIONS} == set()


async def test_prometheus_scrapes_the_four_services_and_understands_each_expression(
    system: System, tmp_path: Path
) -> None:
    config = (FOLDER / "prometheus.yml").read_text()
    for place, service in enumerate(SERVICES, 8101):
        config = config.replace(f"127.0.0.1:{place}", f"127.0.0.1:{system.ports[service]}")
    config = config.replace("15s", "5s").replace("alerts.yml", str(FOLDER / "alerts.yml"))
    (tmp_path / "prometheus.yml").write_text(config)
    port = system.stack.processes.port()
    argv = [
        program("prometheus"),
        f"--config.file={tmp_path}/prometheus.yml",
        f"--storage.tsdb.path={tmp_path}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    await system.stack.processes.start("prometheus", argv, {})
    url = f"http://127.0.0.1:{port}/api/v1"
    async with httpx.AsyncClient(base_url=url, timeout=60) as client, asyncio.timeout(400):
        for told in ("up == 1", "dondoc_ready == 1"):
            while await services_of(client, told) != set(SERVICES):  # noqa: ASYNC110  others work
                await asyncio.sleep(0.2)
        for expression in expressions():
            assert await asked_of(client, expression) is not None
    await system.stack.processes.stop("prometheus")


async def services_of(client: httpx.AsyncClient, expression: str) -> set[str]:
    return {one["metric"]["service"] for one in await asked_of(client, expression) or ()}


async def asked_of(client: httpx.AsyncClient, expression: str) -> list[Any] | None:
    """The result of an expression; None until Prometheus answers."""
    try:
        answer = await client.get("/query", params={"query": expression})
    except httpx.TransportError:
        return None
    if answer.status_code == 503:
        return None
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["data"]["result"]
    return found
