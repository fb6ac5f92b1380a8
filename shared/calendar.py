"""Working days of Viet Nam, and how a term becomes a due date.

Rules: a term's first day is the one after the event (BLDS 2015, điều 147.2); a term that ends on a
rest day ends with the next working day (148.5); a fixed date is not moved.
"""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

from shared.errors import Malformed

FIRST_YEAR, LAST_YEAR = 2014, 2035
_DAY = timedelta(days=1)


class DateOutsideCalendar(Malformed):
    """The calendar knows the years 2014 to 2035."""


@lru_cache(maxsize=1)
def _viet_nam() -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays, and Saturdays that are worked; years are named, or swaps stay unknown."""
    known = holidays.country_holidays("VN", years=range(FIRST_YEAR, LAST_YEAR + 1))
    return frozenset(known), frozenset(known.weekend_workdays)


class Calendar:
    """Working days; ``overrides`` (day → works) go before what the holidays package knows."""

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})

    def is_working_day(self, day: date) -> bool:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise DateOutsideCalendar(
                f"{day} lies outside the calendar ({FIRST_YEAR}-{LAST_YEAR}); set a fixed date"
            )
        if day in self._overrides:
            return self._overrides[day]
        rest, make_up = _viet_nam()
        if day in make_up:
            return True
        return day.weekday() < 5 and day not in rest

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the first one after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, start: date, count: int) -> date:
        """The count-th working day after ``start``, which is not counted itself."""
        day = start
        for _ in range(count):
            day = self.next_working_day(day + _DAY)
        return day

    def end_of_term(self, start: date, days: int) -> date:
        """The last day of a term of calendar days, moved off rest days."""
        return self.next_working_day(start + days * _DAY)

    def end_of_months(self, start: date, months: int) -> date:
        """The same day number so many months on, or that month's last day (148.6); then moved."""
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return self.next_working_day(date(year, month + 1, min(start.day, last)))
