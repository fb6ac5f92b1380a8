"""``verify`` can fail: each guard that the model names is taken out of the product, and found."""

from collections.abc import Awaitable, Callable

import pytest

from deploy.verify.results import Kind, Result
from tests.chaos.scenarios import COURSES, SCENARIOS
from tests.chaos.small import Small
from tests.chaos.without import PATCHES, without
from tests.model.model import GUARDS

FOUND = {
    "guard": ("I1", Kind.LOST),
    "rowxid": ("I1", Kind.LOST),
    "snapshot": ("I3", Kind.REORDERED),
    "lane": ("I3", Kind.REORDERED),
    "acks": ("I1", Kind.LOST),
    "inbox": ("I2", Kind.LOST),
    "parking": ("I5", Kind.WRONG),
    "share": ("I5", Kind.WRONG),
}
"""Which invariant says so, and how the promise was broken."""

OF_FORGETTING = {"floor", "old", "letters", "window"}
"""Guards of an inbox that has forgotten, after months: tests/shared has them (test_batch.py,
test_lost_log.py)."""


def broken(results: list[Result]) -> set[tuple[str, Kind]]:
    return {(result.name, one.kind) for result in results for one in result.violations}


@pytest.mark.parametrize("guard", SCENARIOS)
async def test_verify_finds_the_product_without(guard: str, small: Small) -> None:
    with without(guard):
        await SCENARIOS[guard](small)

    assert FOUND[guard] in broken(await small.verify())


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.__name__)
async def test_with_all_guards_everything_holds_when(
    course: Callable[[Small], Awaitable[None]], small: Small
) -> None:
    await course(small)

    results = await small.verify()
    assert [f"{one.name}: {each}" for one in results for each in one.violations] == []


def test_each_guard_of_the_model_can_be_taken_out() -> None:
    assert set(PATCHES) == set(GUARDS) - OF_FORGETTING
    assert set(SCENARIOS) == set(PATCHES) - {"generation"}
