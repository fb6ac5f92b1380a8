"""A real letter of 2016 lives through fourteen months in under four minutes: make demo"""

import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import httpx
from aiosmtpd.controller import Controller
from rich.console import Console

from deploy.demo.actors import Actors
from deploy.demo.agenda import Agenda
from deploy.demo.clerk import issue_letter
from deploy.demo.scoreboard import show_scoreboard
from deploy.demo.subscriber import subscribe
from deploy.demo.timeline import Timeline
from deploy.local.errors import LocalError
from deploy.local.ports import free_port
from deploy.local.stack import temporary_folder
from deploy.local.stopping import run_until_stopped
from deploy.migrate import SERVICES
from deploy.system import System, SystemSettings, prepared_system
from shared.auth import UserRole
from shared.clock import Clock

START = datetime(2016, 10, 20, 1, 0, tzinfo=UTC)
END = datetime(2017, 12, 20, 1, 0, tzinfo=UTC)
FEWEST_SECONDS = 170.0
MOST_SECONDS = 400
LEAST_SECONDS, GREATEST_SECONDS = 10, 86_400
MAIL_AGENCIES = 40
REGISTER_SECONDS = 120


class Mailbox:
    """Takes every mail and counts."""

    def __init__(self) -> None:
        self.count = 0

    async def handle_DATA(self, _server: object, _session: object, _envelope: object) -> str:
        self.count += 1
        return "250 taken"


async def demo(console: Console) -> int:
    began, fewest = time.monotonic(), fewest_seconds()
    mailbox, port = Mailbox(), free_port(2525)
    smtp = Controller(mailbox, hostname="127.0.0.1", port=port)
    smtp.start()
    settings = SystemSettings(
        clock=Clock(START, 1.0, time.time()),
        job_seconds=0.5,
        sweep_grace_seconds=3.0,
        extra={"DONDOC_SMTP_HOST": "127.0.0.1", "DONDOC_SMTP_PORT": str(port)},
    )
    try:
        console.print("[bold]Dondoc[/]: starting PostgreSQL, a Kafka broker and four services …")
        with temporary_folder() as folder:
            async with prepared_system(folder, settings) as system:
                clock = _clock(time.monotonic() - began, fewest)
                system.settings = replace(settings, clock=clock)
                await system.start_services()
                return await _live(console, system, clock, mailbox, began)
    finally:
        smtp.stop()


def fewest_seconds() -> float:
    """How long the fourteen months take at least: DEMO_SECONDS, or the usual time."""
    told = os.environ.get("DEMO_SECONDS", str(FEWEST_SECONDS))
    with suppress(ValueError):
        if LEAST_SECONDS <= float(told) <= GREATEST_SECONDS:
            return float(told)
    raise LocalError(f"DEMO_SECONDS is {LEAST_SECONDS} to {GREATEST_SECONDS}, not {told!r}")


def _clock(preparing: float, fewest: float) -> Clock:
    """As fast as the machine allows, judged by the seconds that the databases took to be ready.

    It stands on the letter's day while the services start and the clerk works.
    """
    seconds = min(max(fewest, 15 * preparing), max(fewest, MOST_SECONDS))
    rate = (END - START).total_seconds() / seconds
    return Clock(START, rate, time.time() + max(8.0, 2 * preparing))


async def _live(
    console: Console, system: System, clock: Clock, mailbox: Mailbox, began: float
) -> int:
    await _contacts(system)
    agenda = Agenda(clock, END)
    actors = Actors(system, agenda)
    beside = [asyncio.create_task(_listen(system, console, actors))]
    try:
        directive = await issue_letter(system, console)
        beside.append(asyncio.create_task(_peak_memory(system)))
        await agenda.run()
        await _drained(system)
        await show_scoreboard(system, console, directive, END.date())
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await actors.close()
    for failure in agenda.failures[:5]:
        console.print(f"[red]unexpected:[/] {failure}", highlight=False)
    system.describe(stopped=clock.now() - clock.span(10))
    for service in SERVICES:
        await system.stack.processes.stop(service)
    held = await _verify(system)
    megabytes = _Peak.bytes / 1_000_000
    late = f" · {agenda.too_late} too late (a slow machine)" if agenda.too_late else ""
    console.print(
        f"mails received {mailbox.count} · actions {agenda.done}{late} · memory at most"
        f" {megabytes:.0f} MB · {time.monotonic() - began:.0f} s",
        highlight=False,
    )
    _say(console, held, len(agenda.failures))
    return 0 if held and not agenda.failures else 1


def _say(console: Console, held: bool, failures: int) -> None:
    """The last line: what the exit code means."""
    if failures:
        console.print(f"[bold red]{failures} answers that nobody planned[/]")
    elif held:
        console.print("[bold green]every invariant holds[/]")
    else:
        console.print("[bold red]an invariant is broken[/]: see above")


class _Peak:
    bytes = 0


async def _peak_memory(system: System) -> None:
    while True:
        used = await asyncio.to_thread(system.stack.processes.memory_bytes)
        _Peak.bytes = max(_Peak.bytes, used)
        await asyncio.sleep(5)


async def _listen(system: System, console: Console, actors: Actors) -> None:
    """Show what happens and let the actors hear it; alike events of a while share a line."""
    timeline = Timeline(console)
    waiting = []
    shown = time.monotonic()
    async for events in subscribe(system.stack.kafka_url):
        actors.hear(events)
        waiting += events
        if waiting and time.monotonic() - shown > 1.5:
            timeline.show(waiting)
            waiting, shown = [], time.monotonic()


async def _contacts(system: System) -> None:
    """E-mail addresses for some agencies and the issuing office, once notification knows them."""
    async with system.client("assignment", UserRole.COORDINATOR) as client:
        agencies = (await client.get(f"/agencies?limit={MAIL_AGENCIES}")).json()["items"]
    async with system.client("notification", UserRole.COORDINATOR) as client:
        for agency in agencies:
            code = agency["code"]
            body = {
                "addresses": [{"name": agency["name"], "email": f"{code.lower()}@hanoi.example"}]
            }
            path = f"/contacts/{code}"
            async with asyncio.timeout(REGISTER_SECONDS):
                while (  # noqa: ASYNC110  notification hears the register
                    answer := await client.put(path, json=body)
                ).status_code == 404:
                    await asyncio.sleep(0.2)
            answer.raise_for_status()


async def _drained(system: System, seconds: float = 300) -> None:
    """Wait until every outbox has been sent and nothing new comes for a while."""
    before, quiet = None, 0
    async with asyncio.timeout(seconds):
        while quiet < 6:
            now = [await _outbox(system, service) for service in SERVICES]
            sent = all(top == last and not gaps for top, last, gaps in now)
            quiet = quiet + 1 if sent and now == before else 0
            before = now
            await asyncio.sleep(0.5)


async def _outbox(system: System, service: str) -> tuple[int, int, int]:
    async with system.client(service, UserRole.OPERATOR) as client:
        body = (await client.get("/operator/outbox")).json()
    return body["top"], body["last"], len(body["gaps"])


async def _verify(system: System) -> bool:
    """The independent program, on the databases and topics that the services left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.verify", "--system", str(system.folder / "system.json")
    )
    return await process.wait() == 0


def main() -> int:
    console = Console(width=None if sys.stdout.isatty() else 140)
    try:
        return run_until_stopped(demo(console))
    except asyncio.CancelledError:
        console.print("stopped; nothing runs any more")
        return 130
    except (LocalError, httpx.HTTPError, TimeoutError) as error:
        print(f"demo: {str(error) or repr(error)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
