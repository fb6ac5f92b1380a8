"""The clock: real, or started at an instant and run at a rate; days are days in Viet Nam."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.clock import Clock, end_of_day, local_date, start_of_day

START = datetime(2016, 10, 20, 1, tzinfo=UTC)


def test_without_a_start_it_is_the_real_time() -> None:
    assert Clock(real=lambda: 1_000_000_000.0).now() == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


def test_it_stands_at_its_start_until_the_epoch_and_then_runs_at_its_rate() -> None:
    at = [999.0]
    clock = Clock(START, 86_400, 1000.0, real=lambda: at[0])

    assert clock.now() == START
    at[0] = 1002.0
    assert clock.now() == START + timedelta(days=2)
    assert clock.span(0.5) == timedelta(hours=12)


def test_the_real_clocks_span_is_real() -> None:
    assert Clock(rate=86_400).span(30) == timedelta(seconds=30)


def test_a_date_ends_at_midnight_in_viet_nam() -> None:
    day = date(2016, 12, 15)

    assert end_of_day(day) == datetime(2016, 12, 15, 17, tzinfo=UTC)
    assert local_date(end_of_day(day) - timedelta(microseconds=1)) == day
    assert local_date(end_of_day(day)) == date(2016, 12, 16)


@given(st.dates(date(1976, 1, 1), date(2199, 12, 30)))
def test_days_follow_each_other_without_gap(day: date) -> None:
    assert end_of_day(day) == start_of_day(day + timedelta(days=1))
    assert local_date(start_of_day(day)) == day
