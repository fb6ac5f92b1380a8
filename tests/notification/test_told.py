"""What staff are told of decisions about their tasks, and whether it is true when they read it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from services.notification.models.notices import Notice, TaskFacts, outlived
from shared.clock import start_of_day
from shared.events import assignment
from shared.testing import ServiceUnderTest
from tests.notification.test_notification import ASSIGNED, DUE, FACTS, SUBMITTED


async def notices(service: ServiceUnderTest, milestone: str) -> list[Notice]:
    async with service.sessions() as session:
        found = select(Notice).where(Notice.milestone == milestone).order_by(Notice.created_at)
        return list(await session.scalars(found))


async def test_the_agency_is_told_why_it_has_to_keep_the_task(
    notification: ServiceUnderTest,
) -> None:
    returned = assignment.TaskReturned(reason="không thuộc chức năng", **FACTS)
    refused = assignment.ReturnRefused(reason="theo Quyết định 12", **FACTS)
    again = refused.model_copy(update={"reason": "theo Quyết định 13"})

    await notification.deliver(ASSIGNED, returned, refused, returned, again)

    told = await notices(notification, "return_refused")
    assert [one.recipient for one in told] == ["HN-SCT", "HN-SCT"]
    assert {"Quyết định 12", "Quyết định 13"} == {
        words for words in ("Quyết định 12", "Quyết định 13") for one in told if words in one.body
    }


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (7, {"deadline_approaching_7", "deadline_approaching_3", "deadline_approaching_1"}),
        (4, {"deadline_approaching_7", "deadline_approaching_3", "deadline_approaching_1"}),
        (3, {"deadline_approaching_3", "deadline_approaching_1"}),
        (1, {"deadline_approaching_1"}),
        (0, {"deadline_approaching_1"}),
        (-1, set()),
    ],
)
async def test_after_an_outage_a_reminder_says_the_days_that_are_left_and_only_the_newest_comes(
    notification: ServiceUnderTest, left: int, told: set[str]
) -> None:
    """Assignment told each on its day; they are heard ``left`` days before the deadline."""
    reminders = [
        assignment.DeadlineApproaching(due_on=DUE, days_left=days, deadline_version=0, **FACTS)
        for days in (7, 3, 1)
    ]
    today = DUE - timedelta(days=left)
    notification.clock.set(start_of_day(today))
    notification.use_clock()
    await notification.deliver(ASSIGNED, *reminders)

    found = [one for milestone in sorted(told) for one in await notices(notification, milestone)]
    assert {one.milestone for one in found} == told
    assert await notification.count(Notice) == len(told) + 1
    for one in found:
        assert "hết ngày 15/12/2016" in one.body
        assert (f"từ ngày {today:%d/%m/%Y} còn {left} ngày" in one.body) == (left > 0)
        assert "còn" not in one.subject.lower()


@pytest.mark.parametrize(
    ("days", "left", "why"),
    [
        (7, 4, None),
        (7, 3, "a later notice tells it"),
        (1, 0, None),
        (1, -1, "a later notice tells it"),
    ],
)
def test_a_reminder_that_waited_for_the_mail_server_is_dropped_once_the_next_has_come(
    days: int, left: int, why: str | None
) -> None:
    task = TaskFacts(agency="HN-SCT", due_on=DUE, deadline_version=0, progress="open")
    notice = Notice(
        milestone=f"deadline_approaching_{days}", recipient="HN-SCT", deadline_version=0
    )

    assert outlived(notice, task, DUE - timedelta(days=left)) == why


async def test_who_receives_a_report_by_the_letter_is_told_of_each(
    notification: ServiceUnderTest,
) -> None:
    """Codes that the register has: neither names, nor the reporter, nor the office once more."""
    letter = ASSIGNED.model_copy(
        update={"report_to": ("HN-STC", "HN-SCT", "HN-UBND", "HN-KHONGCO", "Bộ Công Thương")}
    )
    register = [
        assignment.AgencyRecorded(code=code, name=name, short_name=name, version=1)
        for code, name in (("HN-STC", "Sở Tài chính"), ("HN-SCT", "Sở Công Thương"))
    ]
    office = assignment.AgencyRecorded(
        code="HN-UBND", name="UBND Thành phố", short_name="UBND", version=1
    )
    periodic = SUBMITTED.model_copy(update={"final": False, "nil": True, "report_id": UUID(int=6)})
    await notification.deliver(*register, office, letter, periodic, SUBMITTED)

    told = await notices(notification, "report_received")
    assert [one.recipient for one in told] == ["HN-STC", "HN-STC"]
    assert sorted("định kỳ (không phát sinh)" in one.body for one in told) == [False, True]
    assert all("Sở Công Thương đã gửi báo cáo" in one.body for one in told)
    (to_office,) = await notices(notification, "report_submitted")
    assert to_office.recipient == "HN-UBND"
