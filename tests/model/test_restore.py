"""Some seeds of the model of restores, and that each guard it names is needed."""

import pytest

from tests.model.model import Broken
from tests.model.restore import GUARDS, trials

SEEDS = 500


def test_every_seed_holds() -> None:
    broken = [seed for seed, result in trials(SEEDS, None) if isinstance(result, Broken)]

    assert broken == []


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_some_seed_breaks(guard: str) -> None:
    assert any(isinstance(result, Broken) for _, result in trials(SEEDS, guard))
