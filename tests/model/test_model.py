"""Some seeds of the protocol's models, and that each guard they name is needed."""

import pytest

from tests.model import model, restore
from tests.model.explore import Broken, Run, trials


@pytest.mark.parametrize(("run", "seeds"), [(model.run, 150), (restore.run, 500)])
def test_every_seed_holds(run: Run, seeds: int) -> None:
    broken = [seed for seed, result in trials(run, seeds, None) if isinstance(result, Broken)]

    assert broken == []


@pytest.mark.parametrize(
    ("run", "seeds", "guard"),
    [
        *((model.run, 1000, guard) for guard in model.GUARDS),
        *((restore.run, 500, guard) for guard in restore.GUARDS),
    ],
)
def test_without_a_guard_some_seed_breaks(run: Run, seeds: int, guard: str) -> None:
    assert any(isinstance(result, Broken) for _, result in trials(run, seeds, guard))
