"""Who is pressed for what is late, when, and what the issuing office hears of it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from services.notification.jobs import urging
from services.notification.models.notices import Notice, TaskFacts, outlived
from services.notification.settings import Settings
from shared.clock import end_of_day
from shared.events import assignment, reporting
from shared.testing import ServiceUnderTest
from tests.notification.test_notification import ASSIGNED, DUE, FACTS, MISSED, SUBMITTED, TASK

SETTINGS = Settings(database_url="postgresql+asyncpg://unused")
END = end_of_day(DUE)
SENT_BACK = reporting.ReportSentBack(
    obligation_id=UUID(int=4),
    report_id=UUID(int=5),
    report_version=1,
    final=True,
    remarks="bổ sung",
    **FACTS,
)
MOVED = assignment.TaskReassigned(from_agency="HN-SCT", reason="x", **{**FACTS, "agency": "HN-STC"})


def weeks(count: float) -> datetime:
    return END + timedelta(weeks=count)


async def urge(service: ServiceUnderTest, *moments: datetime) -> None:
    for now in moments:
        await service.run(urging(SETTINGS), now=now)


async def pressed(service: ServiceUnderTest) -> list[tuple[str, str]]:
    """Urges and escalations, in their order."""
    async with service.sessions() as session:
        found = await session.scalars(
            select(Notice)
            .where(Notice.channel == "in_app")
            .where(Notice.milestone.startswith("urge_") | (Notice.milestone == "escalation"))
            .order_by(Notice.created_at)
        )
        return [(notice.milestone, notice.recipient) for notice in found]


async def test_who_is_told_late_gets_its_days_before_the_next_urge(
    notification: ServiceUnderTest,
) -> None:
    await notification.deliver(ASSIGNED, MISSED)

    await urge(notification, weeks(9))
    at_once = await pressed(notification)
    await urge(notification, weeks(10), weeks(11), weeks(12))

    assert at_once == [("urge_1", "HN-SCT")]
    assert [milestone for milestone, _ in await pressed(notification)] == [
        "urge_1",
        "urge_2",
        "urge_3",
        "escalation",
    ]


async def test_of_a_letter_entered_after_its_deadline_the_agency_has_days_before_the_first_urge(
    notification: ServiceUnderTest,
) -> None:
    await notification.deliver(ASSIGNED, time=weeks(9))
    await notification.deliver(MISSED, time=END)

    await urge(notification, weeks(9.5))
    assert await pressed(notification) == []
    await urge(notification, weeks(10))
    assert await pressed(notification) == [("urge_1", "HN-SCT")]


async def test_a_report_that_is_sent_back_after_the_deadline_is_pressed_for_again(
    notification: ServiceUnderTest,
) -> None:
    await notification.deliver(ASSIGNED, MISSED)
    await urge(notification, weeks(1))
    await notification.deliver(SUBMITTED, time=weeks(1.5))
    await urge(notification, weeks(2), weeks(3))
    await notification.deliver(SENT_BACK, time=weeks(3.5))

    await urge(notification, weeks(4))
    assert await pressed(notification) == [("urge_1", "HN-SCT")]
    await urge(notification, weeks(5), weeks(6), weeks(7))

    assert await pressed(notification) == [
        ("urge_1", "HN-SCT"),
        ("urge_2", "HN-SCT"),
        ("urge_3", "HN-SCT"),
        ("escalation", "HN-UBND"),
    ]


async def test_a_report_that_came_in_time_and_goes_back_late_leaves_its_days(
    notification: ServiceUnderTest,
) -> None:
    await notification.deliver(ASSIGNED, SUBMITTED)
    await notification.deliver(SENT_BACK, time=weeks(8))
    await notification.deliver(MISSED, time=END)

    await urge(notification, weeks(8))
    assert await pressed(notification) == []
    await urge(notification, weeks(9))
    assert await pressed(notification) == [("urge_1", "HN-SCT")]


async def test_a_report_that_goes_back_before_the_deadline_is_not_pressed_for(
    notification: ServiceUnderTest,
) -> None:
    await notification.deliver(ASSIGNED, SUBMITTED)
    await notification.deliver(SENT_BACK, time=weeks(-1))

    await urge(notification, weeks(9))

    assert await pressed(notification) == []


async def test_an_agency_is_not_held_to_the_urges_of_the_one_before_it(
    notification: ServiceUnderTest,
) -> None:
    await notification.deliver(ASSIGNED, MISSED)
    await urge(notification, weeks(1), weeks(2), weeks(3), weeks(4))
    await notification.deliver(MOVED, time=weeks(4.5))

    await urge(notification, weeks(5))
    assert ("urge_1", "HN-STC") not in await pressed(notification)
    await urge(notification, *map(weeks, (6, 7, 8, 9)))

    assert await pressed(notification) == [
        ("urge_1", "HN-SCT"),
        ("urge_2", "HN-SCT"),
        ("urge_3", "HN-SCT"),
        ("escalation", "HN-UBND"),
        ("urge_1", "HN-STC"),
        ("urge_2", "HN-STC"),
        ("urge_3", "HN-STC"),
        ("escalation", "HN-UBND"),
    ]


async def test_the_office_hears_of_each_request_for_the_same_day(
    notification: ServiceUnderTest,
) -> None:
    asked = assignment.ExtensionRequested(due_on=DUE + timedelta(days=9), reason="x", **FACTS)
    refused = assignment.ExtensionRefused(reason="y", **FACTS)
    again = asked.model_copy(update={"reason": "z"})

    await notification.deliver(ASSIGNED, asked, refused, again)

    assert await notification.count(Notice, Notice.milestone == "extension_requested") == 2


def test_an_escalation_that_waits_is_dropped_once_the_report_is_there() -> None:
    task = TaskFacts(
        task_id=TASK, agency="HN-SCT", role="lead", due_on=DUE, deadline_version=0, progress="open"
    )
    notice = Notice(milestone="escalation", recipient="HN-UBND", deadline_version=0)

    assert outlived(notice, task, DUE) is None
    task.progress = "reported"
    assert outlived(notice, task, DUE) == "the task is reported"
