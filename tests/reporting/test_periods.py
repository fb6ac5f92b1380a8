"""Report periods: every day lies in exactly one of each kind."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.periods import (
    DEFAULT_REGIME,
    FREQUENCIES,
    PeriodMalformed,
    RegimeUnknown,
    named_period,
    next_period,
    period_of,
    rule_of,
)

DAYS = st.dates(date(2014, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize(
    ("frequency", "name", "start", "close"),
    [
        ("monthly", "2016-11", date(2016, 10, 15), date(2016, 11, 14)),
        ("quarterly", "2016-Q4", date(2016, 9, 15), date(2016, 12, 14)),
        ("half-yearly", "2016-H2", date(2016, 6, 15), date(2016, 12, 14)),
        ("yearly", "2016", date(2015, 12, 15), date(2016, 12, 14)),
    ],
)
def test_the_day_of_the_letter_lies_in_these(
    frequency: str, name: str, start: date, close: date
) -> None:
    period = period_of(rule_of(DEFAULT_REGIME, frequency), date(2016, 10, 20))

    assert (period.name, period.start, period.close) == (name, start, close)
    assert period.due_on > close


@given(DAYS, st.sampled_from(FREQUENCIES))
def test_periods_follow_each_other_without_gap(day: date, frequency: str) -> None:
    rule = rule_of(DEFAULT_REGIME, frequency)
    period = period_of(rule, day)
    following = next_period(rule, period)

    assert period.start <= day <= period.close
    assert following.start == period.close + timedelta(days=1)
    assert named_period(DEFAULT_REGIME, period.name) == (rule, period)


@pytest.mark.parametrize("name", ["", "2016-Q5", "2016-13", "2016-Q0", "16-1", "2016-H3", "x"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(PeriodMalformed):
        named_period(DEFAULT_REGIME, name)


def test_an_unknown_regime_is_refused() -> None:
    with pytest.raises(RegimeUnknown):
        named_period("nobody", "2016-Q4")
