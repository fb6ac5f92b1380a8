"""Bodies that an order names, in one part of it."""

from dataclasses import dataclass

from services.assignment.intake.belonging import Body
from services.assignment.intake.evidence import Evidence


@dataclass(frozen=True)
class Named:
    """Bodies in one part of an order, and the words they were found in."""

    names: tuple[str, ...] = ()
    evidence: Evidence | None = None
    order: int = 0
    """Where what they are to do begins."""


NOBODY = Named()


def as_named(bodies: list[Body], rule: str, sure: float, order: int) -> Named:
    names = tuple(dict.fromkeys(one.name for one in bodies))
    return Named(names, Evidence(rule, bodies[0].start, bodies[-1].end, sure), order)
