"""Ranges of missing outbox ids, inclusive and ascending (protocol.md §3)."""

from collections.abc import Iterable, Sequence

Ranges = tuple[tuple[int, int], ...]


def missing(top: int, ids: Sequence[int]) -> Ranges:
    """The ids above ``top`` and below the greatest of ``ids`` that are not among them."""
    found: list[tuple[int, int]] = []
    expected = top + 1
    for id in sorted(id for id in ids if id > top):
        if id > expected:
            found.append((expected, id - 1))
        expected = id + 1
    return tuple(found)


def without(gaps: Ranges, ids: Iterable[int]) -> Ranges:
    """The gaps less single ids that have been read."""
    return subtract(gaps, tuple((id, id) for id in sorted(ids))) if gaps else gaps


def subtract(gaps: Ranges, others: Ranges) -> Ranges:
    """The gaps less whole ranges."""
    left: list[tuple[int, int]] = []
    for lo, hi in gaps:
        start = lo
        for other_lo, other_hi in others:
            if other_hi < start or other_lo > hi:
                continue
            if other_lo > start:
                left.append((start, other_lo - 1))
            start = max(start, other_hi + 1)
        if start <= hi:
            left.append((start, hi))
    return tuple(left)


def contains(gaps: Ranges, id: int) -> bool:
    return any(lo <= id <= hi for lo, hi in gaps)
