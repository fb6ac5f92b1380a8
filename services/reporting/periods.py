"""Report periods: when data are closed and until when the report may come. Rules are data."""

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from shared.errors import Malformed, NotFound

DEFAULT_REGIME = "nd09-2019"
FREQUENCIES = ("monthly", "quarterly", "half-yearly", "yearly")

_DATA = Path(__file__).parent / "data" / "regimes.csv"
_NAME = re.compile(r"(?P<year>\d{4})(?:-(?P<letter>[QH]?)(?P<number>\d{1,2}))?", re.ASCII)
_MONTHS_BY_LETTER = {"": 1, "Q": 3, "H": 6}
_LETTERS = {1: "", 3: "Q", 6: "H"}


class RegimeUnknown(NotFound):
    """There is no such reporting regime."""


class PeriodMalformed(Malformed):
    """A period is written 2016-10, 2016-Q4, 2016-H2 or 2016."""


@dataclass(frozen=True)
class Rule:
    """A regime's rule for one frequency: ``close_day`` of the period's last month ends it."""

    regime: str
    frequency: str
    months: int
    close_day: int
    submit_days: int


@dataclass(frozen=True)
class Period:
    """A stretch of days on which one report is owed, until ``due_on``."""

    name: str
    start: date
    close: date
    due_on: date


@cache
def rules() -> dict[tuple[str, str], Rule]:
    """Every rule there is, by regime and frequency."""
    with _DATA.open(encoding="utf-8", newline="") as file:
        return {
            (row["regime"], row["frequency"]): Rule(
                row["regime"],
                row["frequency"],
                int(row["months"]),
                int(row["close_day"]),
                int(row["submit_days"]),
            )
            for row in csv.DictReader(file)
        }


def rule_of(regime: str, frequency: str) -> Rule:
    try:
        return rules()[regime, frequency]
    except KeyError:
        raise RegimeUnknown(f"There is no regime {regime} for {frequency} reports.") from None


def period_of(rule: Rule, day: date) -> Period:
    """The period in whose days this one lies."""
    month = day.year * 12 + day.month - 1 + (day.day > rule.close_day)
    return _period(rule, month // rule.months)


def next_period(rule: Rule, period: Period) -> Period:
    return period_of(rule, period.close + timedelta(days=1))


def named_period(regime: str, name: str) -> tuple[Rule, Period]:
    """The period that is written so, with its rule."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise PeriodMalformed()
    months = 12 if found["number"] is None else _MONTHS_BY_LETTER[found["letter"]]
    number = int(found["number"] or 1)
    if not 1 <= number <= 12 // months or not 1945 <= int(found["year"]) <= 2199:
        raise PeriodMalformed()
    frequency = FREQUENCIES[[1, 3, 6, 12].index(months)]
    rule = rule_of(regime, frequency)
    return rule, _period(rule, int(found["year"]) * (12 // months) + number - 1)


def _period(rule: Rule, index: int) -> Period:
    per_year = 12 // rule.months
    year, number = divmod(index, per_year)
    name = f"{year}" if per_year == 1 else f"{year}-{_number(rule.months, number + 1)}"
    close = _closing(rule, index)
    start = _closing(rule, index - 1) + timedelta(days=1)
    return Period(name, start, close, close + timedelta(days=rule.submit_days))


def _number(months: int, number: int) -> str:
    return f"{number:02}" if months == 1 else f"{_LETTERS[months]}{number}"


def _closing(rule: Rule, index: int) -> date:
    year, month = divmod(index * rule.months + rule.months - 1, 12)
    return date(year, month + 1, rule.close_day)
