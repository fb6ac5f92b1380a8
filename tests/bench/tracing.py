"""What traces cost a service: with a collector that takes them, with none that answers, without.

DONDOC_LOCAL_KAFKA=apache python -m tests.bench.tracing [--pairs N] [--events N]

Of reporting, in turn: seconds from its start until it is ready; the greatest PSS while it reads the
events of B1, and its CPU for each. Printed are medians, and the spread. The table of `make bench`
is of services without traces.
"""

import asyncio
import statistics
import sys
from dataclasses import dataclass

from deploy.local.errors import LocalError
from deploy.local.memory import bytes_of
from deploy.local.ports import free_port
from shared.arguments import Arguments
from tests.bench.flow import check, fill, prepared, some, watch
from tests.bench.line import Void
from tests.bench.programs import environment, process
from tests.bench.recovery import SERVICE, ready
from tests.shared.collector import Collector, collector

MEGABYTE = 2**20
LOOK_SECONDS = 0.2
CONSUMER = 5
"""The kind of a span of an event that was handled (OTLP)."""


@dataclass(frozen=True)
class Cost:
    """Seconds of a start, MB, and microseconds of CPU per event."""

    start: float
    memory: float
    cpu: float


async def measure(events: int, traced: dict[str, str]) -> Cost:
    async with prepared() as (stack, folder):
        port = free_port()
        variables = environment(stack, folder, "reporting") | traced
        log = folder / "program.log"
        start = await ready({**variables, "DONDOC_PORT": str(port)}, log, port)
        await fill(stack, events)
        memory: list[float] = []
        async with process(SERVICE, variables, log) as running:
            looking = asyncio.create_task(_look(running.pid, memory))
            run = await watch(stack.kafka_url, running, events)
            looking.cancel()
        await check(stack.database_url("reporting"), events)
    return Cost(start, max(memory), run.cpu)


async def _look(pid: int, memory: list[float]) -> None:
    while True:
        memory.append(bytes_of(pid) / MEGABYTE)
        await asyncio.sleep(LOOK_SECONDS)


async def compare(events: int, pairs: int, told: Collector) -> None:
    ways: dict[str, dict[str, str]] = {
        "without": {},
        "collector": {"DONDOC_OTLP_ENDPOINT": told.url},
        "nobody there": {"DONDOC_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}"},
    }
    found: dict[str, list[Cost]] = {way: [] for way in ways}
    for _ in range(pairs):
        for way, variables in ways.items():
            found[way].append(await measure(events, variables))
            print(way, found[way][-1], flush=True)
    if not any(one.kind == CONSUMER for one in told.spans):
        raise Void("the collector was brought no span")
    for way, costs in found.items():
        print(
            f"{way:<13} start {_told([one.start for one in costs], 's')},"
            f" PSS {_told([one.memory for one in costs], 'MB')},"
            f" CPU {_told([one.cpu for one in costs], 'µs an event')}"
        )


def _told(values: list[float], unit: str) -> str:
    return f"{statistics.median(values):.3g} {unit} ({min(values):.3g} to {max(values):.3g})"


def main() -> int:
    parser = Arguments("tracing", __doc__)
    parser.add_argument("--pairs", type=some, default=3)
    parser.add_argument("--events", type=some, default=20_000)
    given = parser.parse_args()
    try:
        with collector() as told:
            asyncio.run(compare(given.events, given.pairs, told))
    except (Void, LocalError) as error:
        print(f"tracing: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tracing: stopped; what is not told above was not measured", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
