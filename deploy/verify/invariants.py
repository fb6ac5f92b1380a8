"""The invariants I1-I6 and I9, each from databases and topics alone."""

from collections.abc import Awaitable, Callable, Sequence

from deploy.verify.deadlines import i4
from deploy.verify.effects import i2
from deploy.verify.events import i1, i3
from deploy.verify.results import Kind, Result, count
from deploy.verify.sources import Sources
from deploy.verify.state import i5, i6, i9

CHECKS: tuple[Callable[[Sources], Awaitable[Result]], ...] = (i1, i2, i3, i4, i5, i6, i9)


async def verify(sources: Sources) -> list[Result]:
    await sources.know_recorded()
    return [await check(sources) for check in CHECKS]


def summary(events: int, results: Sequence[Result]) -> str:
    """The counts in one line; what is only wrong is not among them."""
    broken = (Kind.LOST, Kind.DOUBLED, Kind.REORDERED)
    counts = " ".join(f"{kind}={count(results, kind)}" for kind in broken)
    return f"events={events} {counts}"
