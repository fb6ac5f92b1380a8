"""Cases of the field (calendar rules, 1 to 5b), and what holds for every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import Calendar, DateOutsideCalendar

PLAIN = Calendar()
SWAPPED = Calendar({date(2026, 1, 2): False, date(2026, 1, 10): True})
DAYS = st.dates(date(2014, 1, 1), date(2035, 1, 1))
COUNTS = st.integers(1, 60)


def test_ten_working_days_from_the_letter_of_2016() -> None:
    assert PLAIN.add_working_days(date(2016, 10, 20), 10) == date(2016, 11, 3)


def test_fifteen_calendar_days_from_the_letter_of_2016() -> None:
    assert PLAIN.end_of_term(date(2016, 10, 20), 15) == date(2016, 11, 4)


def test_a_term_that_ends_on_a_compensation_day_ends_the_day_after() -> None:
    assert PLAIN.end_of_term(date(2016, 12, 30), 3) == date(2017, 1, 3)


def test_a_make_up_saturday_counts() -> None:
    assert PLAIN.add_working_days(date(2024, 4, 26), 5) == date(2024, 5, 7)


def test_a_term_that_ends_in_tet_ends_after_it() -> None:
    assert PLAIN.end_of_term(date(2026, 2, 10), 10) == date(2026, 2, 23)


def test_an_override_goes_before_the_package() -> None:
    assert PLAIN.add_working_days(date(2026, 1, 1), 1) == date(2026, 1, 2)
    assert SWAPPED.add_working_days(date(2026, 1, 1), 1) == date(2026, 1, 5)
    assert SWAPPED.is_working_day(date(2026, 1, 10))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2017, 1, 31), 1, date(2017, 2, 28)),
        (date(2016, 10, 20), 3, date(2017, 1, 20)),
        (date(2016, 10, 30), 2, date(2016, 12, 30)),
        (date(2016, 11, 20), 1, date(2016, 12, 20)),
        (date(2017, 2, 1), 11, date(2018, 1, 2)),
    ],
)
def test_a_term_of_months_ends_on_the_same_day_or_the_months_last(
    start: date, months: int, end: date
) -> None:
    assert PLAIN.end_of_months(start, months) == end


@pytest.mark.parametrize("day", [date(2013, 12, 31), date(2036, 1, 1)])
def test_a_day_the_calendar_does_not_know_is_refused(day: date) -> None:
    with pytest.raises(DateOutsideCalendar):
        PLAIN.is_working_day(day)


@given(DAYS, COUNTS)
def test_as_many_working_days_lie_between_as_were_asked_for(start: date, count: int) -> None:
    end = PLAIN.add_working_days(start, count)

    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(PLAIN.is_working_day, between)) == count
    assert PLAIN.is_working_day(end)


@given(DAYS, COUNTS, COUNTS)
def test_terms_add_up(start: date, first: int, second: int) -> None:
    halfway = PLAIN.add_working_days(start, first)

    assert PLAIN.add_working_days(halfway, second) == PLAIN.add_working_days(start, first + second)
