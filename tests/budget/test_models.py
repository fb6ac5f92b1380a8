"""The rules of money, without a database."""

from datetime import UTC, date, datetime

import pytest

from services.budget.models.base import LIMIT
from services.budget.models.lines import UNSPECIFIED, Line, shortened
from services.budget.models.refusals import (
    AdjustmentBelowSpent,
    ApprovedBeyondEstimate,
    AssignedBeyondApproval,
    LineClosed,
    LineHasMovements,
    MoreThanCommitted,
    NothingAssigned,
    Overspend,
    SumTooLarge,
    YearEnded,
    YearNotBegun,
)
from shared.events.budget import EstimateAdjusted, FundsCommitted, FundsDisbursed, LineOpened
from tests.budget.data import (
    ASSIGNED,
    DIRECTIVE,
    ITEM,
    TASK,
    Move,
    a_funded_line,
    a_line,
    assigned,
    entry,
)

LAST_OF_YEAR = datetime(2016, 12, 31, 16, 59, tzinfo=UTC)
FIRST_OF_NEXT = datetime(2016, 12, 31, 17, 0, tzinfo=UTC)
LAST_PAYMENT = datetime(2017, 1, 31, 16, 59, tzinfo=UTC)
TOO_LATE = datetime(2017, 1, 31, 17, 0, tzinfo=UTC)


def test_a_line_opens_though_no_sum_is_known() -> None:
    line = Line.for_task(ASSIGNED)

    assert line.opened == LineOpened(
        line_id=line.id,
        agency="HN-UBND-001",
        fiscal_year=2016,
        source=UNSPECIFIED,
        purpose="Hàng năm bố trí ngân sách địa phương cho hoạt động khuyến công",
        item_id=ITEM,
        task_id=TASK,
        directive_id=DIRECTIVE,
    )
    assert (line.available, line.renew_on) == (0, date(2017, 1, 1))


def test_the_line_of_a_one_off_item_is_not_renewed() -> None:
    assert Line.for_task(assigned(recurrence=None)).renew_on is None


def test_an_item_without_words_is_named_by_its_place() -> None:
    assert Line.for_task(assigned(summary=" \n ")).purpose == "6050/UBND-KT, 4.1"


def test_a_long_summary_is_cut_between_words() -> None:
    purpose = shortened("bố trí\n  ngân sách " * 40)

    assert len(purpose) <= 200
    assert purpose.startswith("bố trí ngân sách bố trí")
    assert purpose.removesuffix("…").split()[-1] in {"bố", "trí", "ngân", "sách"}


def test_the_estimate_goes_through_its_stages() -> None:
    line = a_line()

    movements = [line.propose(entry(90)), line.approve(entry(80)), line.assign(entry(70))]

    assert [movement.available for movement in movements] == [0, 0, 70]
    assert [movement.number for movement in movements] == [1, 2, 3]
    assert (line.estimated, line.approved, line.assigned) == (90, 80, 70)


def test_a_commitment_takes_from_what_is_available() -> None:
    line = a_funded_line(100)

    movement = line.commit(entry(60))

    assert movement.event == FundsCommitted(
        line_id=line.id, agency="HN-SCT", movement_id=movement.id, amount=60, available=40
    )


def test_a_years_estimate_is_assigned_before_it_and_spent_in_it() -> None:
    line = a_line(2017)
    for step in (line.propose, line.approve, line.assign):
        step(entry(100, LAST_OF_YEAR))

    with pytest.raises(YearNotBegun) as refusal:
        line.commit(entry(1, LAST_OF_YEAR))

    assert refusal.value.figures == {"fiscal_year": 2017}
    assert (line.committed, line.available) == (0, 100)
    assert line.commit(entry(1, FIRST_OF_NEXT)).available == 99


def test_paying_moves_money_from_committed_to_paid_without_counting_it_twice() -> None:
    line = a_funded_line(100)
    line.commit(entry(60))

    movement = line.disburse(entry(50))

    assert (line.committed, line.disbursed, line.available) == (10, 50, 40)
    assert movement.event == FundsDisbursed(
        line_id=line.id, agency="HN-SCT", movement_id=movement.id, amount=50, available=40
    )


def test_a_released_commitment_is_available_again() -> None:
    line = a_funded_line(100)
    line.commit(entry(60))

    line.release(entry(60))

    assert (line.committed, line.available) == (0, 100)


def test_an_overspend_is_refused_with_its_figures() -> None:
    line = a_funded_line(3)

    with pytest.raises(Overspend) as refusal:
        line.commit(entry(5))

    assert refusal.value.figures == {"available": 3, "requested": 5}
    assert (line.committed, line.movement_count) == (0, 3)


def test_the_whole_of_what_is_available_may_be_committed() -> None:
    line = a_funded_line(100)

    assert line.commit(entry(100)).available == 0


def test_no_more_is_approved_than_proposed_nor_assigned_than_approved() -> None:
    line = a_line()
    line.propose(entry(10))

    with pytest.raises(ApprovedBeyondEstimate):
        line.approve(entry(11))
    line.approve(entry(9))
    with pytest.raises(AssignedBeyondApproval):
        line.assign(entry(10))


@pytest.mark.parametrize("move", [Line.release, Line.disburse])
def test_only_what_is_committed_can_be_released_or_paid(move: Move) -> None:
    line = a_funded_line(100)
    line.commit(entry(10))

    with pytest.raises(MoreThanCommitted):
        move(line, entry(11))


def test_an_adjustment_goes_up_and_down() -> None:
    line = a_funded_line(100)

    line.adjust(entry(50))
    movement = line.adjust(entry(-120))

    assert movement.event == EstimateAdjusted(
        line_id=line.id, agency="HN-SCT", movement_id=movement.id, amount=-120, available=30
    )


def test_money_that_is_committed_or_paid_cannot_be_adjusted_away() -> None:
    line = a_funded_line(100)
    line.commit(entry(60))
    line.disburse(entry(20))

    with pytest.raises(AdjustmentBelowSpent):
        line.adjust(entry(-41))

    assert line.adjust(entry(-40)).available == 0


def test_only_an_assigned_estimate_is_adjusted() -> None:
    with pytest.raises(NothingAssigned):
        a_line().adjust(entry(1))


def test_a_line_holds_no_more_than_events_can_say() -> None:
    line = a_funded_line(LIMIT)

    with pytest.raises(SumTooLarge):
        line.propose(entry(1))
    with pytest.raises(SumTooLarge):
        line.adjust(entry(1))


def test_an_estimate_assigned_after_an_adjustment_stays_within_the_limit() -> None:
    line = a_line()
    line.propose(entry(LIMIT))
    line.approve(entry(LIMIT))
    line.assign(entry(1))
    line.adjust(entry(1))

    with pytest.raises(SumTooLarge):
        line.assign(entry(LIMIT - 1))


def test_commitments_end_with_the_year_in_viet_nam() -> None:
    line = a_funded_line(100)

    line.commit(entry(1, LAST_OF_YEAR))
    with pytest.raises(YearEnded):
        line.commit(entry(1, FIRST_OF_NEXT))


def test_payments_go_on_for_a_month_after_the_year() -> None:
    line = a_funded_line(100)
    line.commit(entry(10))

    line.disburse(entry(1, LAST_PAYMENT))
    with pytest.raises(YearEnded):
        line.disburse(entry(1, TOO_LATE))
    assert line.release(entry(9, TOO_LATE)).available == 99


def test_a_line_is_corrected_only_before_its_first_movement() -> None:
    line = a_line()

    assert line.correct(source="ngân sách địa phương", purpose=None).source == line.source
    line.propose(entry(1))
    with pytest.raises(LineHasMovements):
        line.correct(source=None, purpose="khác")


GROWING = [Line.propose, Line.approve, Line.assign, Line.adjust, Line.commit]


@pytest.mark.parametrize("move", GROWING)
def test_no_new_money_goes_on_a_closed_line(move: Move) -> None:
    line = a_funded_line(100)
    line.close()

    with pytest.raises(LineClosed):
        move(line, entry(1))
    assert line.adjust(entry(-100)).available == 0


def test_a_line_with_commitments_stays_open_for_winding_them_up() -> None:
    line = a_funded_line(100)
    line.commit(entry(10))

    line.close()

    assert (line.closed, line.renew_on) == (False, None)


def test_a_yearly_line_is_followed_by_the_same_for_the_next_year() -> None:
    line = Line.for_task(ASSIGNED)
    line.correct(source="ngân sách địa phương", purpose=None)

    heir = line.renew()

    assert heir.opened == line.opened.model_copy(update={"line_id": heir.id, "fiscal_year": 2017})
    assert (line.renew_on, heir.renew_on) == (None, date(2018, 1, 1))


def test_what_follows_on_a_line_has_the_same_id_when_it_is_made_again_after_a_restore() -> None:
    made, again = Line.for_task(ASSIGNED), Line.for_task(ASSIGNED)

    assert made.heir("HN-STC").id == again.heir("HN-STC").id
    assert made.renew().id == again.renew().id
    assert made.renew().id not in {again.id, again.heir("HN-STC").id, again.renew().renew().id}


def test_a_line_that_stands_in_serves_the_task_and_its_next_years() -> None:
    line = a_line()
    line.close()

    line.stand_in_for(Line.for_task(ASSIGNED))

    assert (line.closed, line.task_id, line.renew_on) == (False, TASK, date(2017, 1, 1))
