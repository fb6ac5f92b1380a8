"""What ``make chaos`` refuses, in one line and before anything runs."""

from functools import partial

import pytest

from tests.chaos.plan import Plan
from tests.commands import run_module

chaos = partial(run_module, "tests.chaos")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("abc", "1"), "MINUTES must be a number from 0.1 to 1440, not 'abc'"),
        (("0", "1"), "MINUTES must be a number from 0.1 to 1440, not '0'"),
        (("nan", "1"), "MINUTES must be a number from 0.1 to 1440, not 'nan'"),
        (("2", "-1"), "SEED must be a number from 0 to 2147483648, not '-1'"),
        (("2", "1.5"), "SEED must be a whole number, not '1.5'"),
        (("2", "1", "many"), "KILLS must be a number from 1 to 100000, not 'many'"),
    ],
)
def test_a_bad_argument_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    done = chaos(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"chaos: {said}\n"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DONDOC_LOCAL_KAFKA": "rabbit"}, "there is no Kafka of the kind 'rabbit'"),
        ({"DONDOC_LOCAL_KAFKA": "apache", "PATH": "/nowhere"}, "Java is not installed"),
        ({"KAFKA_URL": "127.0.0.1:9"}, "what is killed must be ours"),
    ],
)
def test_what_cannot_be_started_is_one_line(environment: dict[str, str], said: str) -> None:
    done = chaos("2", "1", **environment)

    assert done.returncode == 2
    assert done.stderr.startswith("chaos: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_seed_gives_the_same_faults_again_and_another_gives_others() -> None:
    def first_deck(seed: int) -> list[str]:
        plan = Plan(2, seed)
        return [str(step) for step in next(plan.steps())]

    assert first_deck(1) == first_deck(1)
    assert first_deck(1) != first_deck(2)
