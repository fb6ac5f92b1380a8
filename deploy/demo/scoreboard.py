"""What came of the letter, as the services' own APIs tell it."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console
from rich.table import Table

from deploy.system import System
from shared.auth import UserRole

REGIME = "nd09-2019"
PERIODS = ("2016-Q4", "2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4", "2016", "2017")
BOXES = {
    "completed_on_time": "hoàn thành đúng hạn",
    "completed_late": "hoàn thành quá hạn",
    "open_in_time": "đang thực hiện, trong hạn",
    "open_overdue": "đang thực hiện, quá hạn",
    "no_deadline_completed": "không thời hạn, hoàn thành",
    "no_deadline_open": "không thời hạn, đang thực hiện",
    "total": "tổng số",
}
STAGES = ("estimated", "approved", "assigned", "adjusted", "committed", "disbursed")


async def show_scoreboard(system: System, console: Console, directive: UUID, on: date) -> None:
    """Boxes, reports, notices, money."""
    async with system.client("reporting", UserRole.AUDITOR) as client:
        console.print(_boxes(await _get(client, f"/statistics?directive={directive}&on={on}")))
        console.print(await _periods(client))
    async with system.client("notification", UserRole.AUDITOR) as client:
        console.print(await _notices(client))
    async with system.client("budget", UserRole.AUDITOR) as client:
        console.print(await _money(client))


def _boxes(statistics: dict[str, Any]) -> Table:
    table = Table(title=f"Leads' tasks on {statistics['on']}")
    table.add_column("box")
    table.add_column("(thống kê)")
    table.add_column("tasks", justify="right")
    for box, words in BOXES.items():
        table.add_row(box, words, str(statistics[box]))
    return table


async def _periods(client: httpx.AsyncClient) -> Table:
    table = Table(title="Periodic reports")
    for column in ("period", "expected", "received", "late", "missing"):
        table.add_column(column, justify="left" if column == "period" else "right")
    for period in PERIODS:
        found = await _get(client, f"/periods/{REGIME}/{period}")
        numbers = (found[name] for name in ("expected", "received", "late", "missing"))
        table.add_row(period, *map(str, numbers))
    return table


async def _notices(client: httpx.AsyncClient) -> Table:
    table = Table(title="Notices")
    states = ("delivered", "waiting", "failed", "dropped")
    for column in ("channel", *states):
        table.add_column(column, justify="left" if column == "channel" else "right")
    for channel in ("in_app", "email"):
        counts = []
        for state in states:
            query = f"/notices?channel={channel}&state={state}&limit=1&count=true"
            counts.append(str((await _get(client, query))["count"]))
        table.add_row(channel, *counts)
    return table


async def _money(client: httpx.AsyncClient) -> Table:
    table = Table(title="Money by stage, in million đồng (invented sums)")
    table.add_column("year")
    for stage in STAGES:
        table.add_column(stage, justify="right")
    for year in (2016, 2017):
        total = (await _get(client, f"/summary?year={year}&by=fiscal_year"))["total"]
        table.add_row(str(year), *(_millions(total[stage]) for stage in STAGES))
    return table


def _millions(amount: int) -> str:
    return f"{amount / 1_000_000:,.0f}".replace(",", ".")


async def _get(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.get(path)
    answer.raise_for_status()
    body: dict[str, Any] = answer.json()
    return body
