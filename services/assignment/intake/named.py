"""Bodies that an order names, in one part of it."""

from collections.abc import Iterable, Sequence
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


def as_named(bodies: list[Body], rule: str, sure: float, order: int = 0) -> Named:
    evidence = Evidence(rule, bodies[0].start, bodies[-1].end, sure)
    return Named(names_of(bodies), evidence, order)


def names_of(bodies: Iterable[Body]) -> tuple[str, ...]:
    """Each name once, in the order of the text."""
    return tuple(dict.fromkeys(one.name for one in bodies))


def joined(several: Sequence[Named]) -> Named:
    """All that these name; the words of the first that has some."""
    names = dict.fromkeys(name for one in several for name in one.names)
    return Named(tuple(names), next((one.evidence for one in several if one.evidence), None))
