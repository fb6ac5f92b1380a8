"""Letters that are entered long after their date: what is owed begins with the entry."""

from datetime import date, timedelta

import pytest

from services.reporting.jobs import mark_missed_reports, open_periods
from shared.clock import start_of_day
from shared.events import reporting as events
from shared.testing import ServiceUnderTest
from shared.types import Recurrence
from tests.reporting.test_reporting import assigned


@pytest.mark.parametrize(
    ("entered", "owed"),
    [
        (date(2016, 10, 20), ["2016-11", "2016-12", "2017-01", "2017-02", "2017-03", "2017-04"]),
        (date(2017, 3, 1), ["2017-03", "2017-04"]),
        # the last day of a report, and the day after it
        (date(2017, 2, 21), ["2017-02", "2017-03", "2017-04"]),
        (date(2017, 2, 22), ["2017-03", "2017-04"]),
    ],
)
async def test_no_report_is_owed_that_was_due_before_the_letter_was_entered(
    reporting: ServiceUnderTest, entered: date, owed: list[str]
) -> None:
    """However long reporting itself was away: what counts is the day the task was given."""
    letter = assigned(due_on=None, recurrence=Recurrence.MONTHLY)
    await reporting.deliver(letter, time=start_of_day(entered) + timedelta(hours=9))
    later = start_of_day(date(2017, 4, 1))

    await reporting.run(open_periods, now=later)
    await reporting.run(mark_missed_reports, now=later)

    opened = await reporting.published(events.ObligationOpened)
    assert [one.period for one in opened if one.period] == owed
    missed = await reporting.published(events.ReportMissed)
    assert [one.period for one in missed] == owed[:-1]
