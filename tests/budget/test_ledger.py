"""Any sequence of movements: never below zero, and the totals are the sums."""

from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.budget.models.ledger import Kind, Movement
from services.budget.models.lines import Line
from shared.errors import Refused
from tests.budget.data import Move, a_funded_line, a_line, entry

MOVES = [Line.propose, Line.approve, Line.assign, Line.commit, Line.release, Line.disburse]
AMOUNTS = st.integers(1, 50) | st.integers(1, 10**15)
DAYS = st.sampled_from(
    [
        datetime(2016, 10, 20, tzinfo=UTC),
        datetime(2017, 1, 15, tzinfo=UTC),
        datetime(2017, 3, 1, tzinfo=UTC),
    ]
)


class Ledger(RuleBasedStateMachine):
    """Whoever calls in whatever order; refusals change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.line = a_line()
        self.movements: list[Movement] = []

    @initialize(amount=AMOUNTS)
    def start_with_an_estimate(self, amount: int) -> None:
        for move in (Line.propose, Line.approve, Line.assign):
            self.movements.append(move(self.line, entry(amount)))

    @rule(move=st.sampled_from(MOVES), amount=AMOUNTS, at=DAYS)
    def move(self, move: Move, amount: int, at: datetime) -> None:
        self._attempt(move, amount, at)

    @rule(amount=AMOUNTS | AMOUNTS.map(lambda amount: -amount), at=DAYS)
    def adjust(self, amount: int, at: datetime) -> None:
        self._attempt(Line.adjust, amount, at)

    @rule()
    def spend_all(self) -> None:
        if self.line.available:
            self._attempt(Line.commit, self.line.available, datetime(2016, 12, 1, tzinfo=UTC))

    @rule()
    def close(self) -> None:
        self.line.close()

    @invariant()
    def nothing_is_negative(self) -> None:
        line = self.line
        assert line.available >= 0
        assert line.committed >= 0
        assert 0 <= line.assigned <= line.approved <= line.estimated

    @invariant()
    def totals_are_the_sums_of_the_movements(self) -> None:
        line = self.line
        paid_or_released = self._sum(Kind.RELEASED) + self._sum(Kind.DISBURSED)
        assert line.estimated == self._sum(Kind.PROPOSED)
        assert line.approved == self._sum(Kind.APPROVED)
        assert line.assigned == self._sum(Kind.ASSIGNED)
        assert line.adjusted == self._sum(Kind.ADJUSTED)
        assert line.committed == self._sum(Kind.COMMITTED) - paid_or_released
        assert line.disbursed == self._sum(Kind.DISBURSED)

    @invariant()
    def every_movement_can_be_told(self) -> None:
        numbers = [movement.number for movement in self.movements]
        assert numbers == list(range(1, len(numbers) + 1))
        if self.movements:
            assert self.movements[-1].event.available == self.line.available

    def _attempt(self, move: Move, amount: int, at: datetime) -> None:
        before = _totals(self.line)
        try:
            self.movements.append(move(self.line, entry(amount, at)))
        except Refused:
            assert _totals(self.line) == before

    def _sum(self, kind: Kind) -> int:
        return sum(movement.amount for movement in self.movements if movement.kind is kind)


def _totals(line: Line) -> tuple[int, ...]:
    return (
        line.estimated,
        line.approved,
        line.assigned,
        line.adjusted,
        line.committed,
        line.disbursed,
        line.movement_count,
    )


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=100, stateful_step_count=40)


def test_repeated_small_payments_add_up_to_the_commitment() -> None:
    line = a_funded_line(100)
    line.commit(entry(100))

    for _ in range(100):
        line.disburse(entry(1))

    assert (line.committed, line.disbursed, line.available) == (0, 100, 0)
