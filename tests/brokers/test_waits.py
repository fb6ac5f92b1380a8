"""What is told of a stall follows from the databases' instants."""

from datetime import UTC, datetime, timedelta

from tests.brokers.waits import Heard, heard_between, longest, usual

NOON = datetime(2026, 11, 2, 5, tzinfo=UTC)


def heard(recorded: float, received: float) -> Heard:
    """Seconds after noon."""
    return Heard(NOON + timedelta(seconds=recorded), NOON + timedelta(seconds=received))


def test_the_longest_wait_is_of_what_was_recorded_in_that_time() -> None:
    found = [heard(0, 60), heard(11, 14), heard(12, 13), heard(30, 70)]

    assert longest(found, NOON + timedelta(seconds=10), NOON + timedelta(seconds=20)) == 3


def test_what_was_recorded_before_the_loss_may_be_heard_during_it() -> None:
    lost, back = NOON + timedelta(seconds=10), NOON + timedelta(seconds=20)

    assert heard_between([heard(9, 12), heard(11, 25)], lost, back) == 0
    assert heard_between([heard(11, 19)], lost, back) == 1


def test_what_is_usual_is_of_what_was_recorded_in_that_time() -> None:
    found = [heard(n, n + 0.01) for n in range(99)] + [heard(-9, 9), heard(50, 52), heard(200, 300)]

    assert usual(found, NOON, NOON + timedelta(seconds=150)) == (0.01, 2)
