"""Notices on a real PostgreSQL; mails to a real SMTP server on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, text

from deploy.local.ports import free_port
from services.notification.channels import Mail, compose, mailing
from services.notification.jobs import urging
from services.notification.models.notices import AgencyName, Contact, Delivery, Notice, TaskFacts
from services.notification.settings import Settings
from services.notification.texts import MILESTONES, render
from shared.auth import UserRole
from shared.clock import end_of_day
from shared.dead_letters import retry_early
from shared.events import assignment, budget, reporting
from shared.events import notification as notification_events
from shared.testing import ServiceUnderTest
from shared.types import Role

TASK, OTHER = UUID(int=1), UUID(int=2)
DUE = date(2016, 12, 15)
FACTS: dict[str, Any] = {
    "task_id": TASK,
    "directive_id": UUID(int=6050),
    "agency": "HN-SCT",
    "role": Role.LEAD,
}
ASSIGNED = assignment.TaskAssigned(
    number_symbol="6050/UBND-KT",
    issuer="HN-UBND",
    item_id=UUID(int=3),
    item_path="1",
    summary="Chủ trì <img onerror=alert(1)> tổ chức",
    assigned_on=date(2016, 10, 20),
    due_on=DUE,
    **FACTS,
)
MISSED = assignment.DeadlineMissed(due_on=DUE, deadline_version=0, **FACTS)
OPENED = budget.LineOpened(
    line_id=UUID(int=9),
    agency="HN-SCT",
    fiscal_year=2017,
    source="unspecified",
    purpose="Khuyến công",
)
SUBMITTED = reporting.ReportSubmitted(
    obligation_id=UUID(int=4),
    report_id=UUID(int=5),
    report_version=1,
    final=True,
    nil=False,
    submitted_on=DUE,
    **FACTS,
)


async def milestones(service: ServiceUnderTest, *where: Any) -> list[tuple[str, str]]:
    async with service.sessions() as session:
        found = await session.scalars(
            select(Notice).where(Notice.channel == "in_app", *where).order_by(Notice.created_at)
        )
        return [(notice.milestone, notice.recipient) for notice in found]


async def know(service: ServiceUnderTest, *agencies: str) -> None:
    """As if the register had told of them."""
    async with service.sessions.begin() as session:
        for code in agencies:
            await session.merge(AgencyName(code=code, name=code, version=0))


async def contact(service: ServiceUnderTest, agency: str = "HN-SCT") -> None:
    await know(service, agency)
    async with service.client(UserRole.AGENCY, agency=agency) as client:
        body = {"addresses": [{"name": "Văn thư", "email": "van-thu@sct.example"}]}
        assert (await client.put(f"/contacts/{agency}", json=body)).status_code == 201


CONTEXT = {
    "number_symbol": "6050/UBND-KT",
    "issued_on": date(2016, 10, 20),
    "item_path": "3.-1",
    "summary": "<img onerror=alert(1)> {{ 7 }} & 'x'",
    "due_on": DUE,
    "agency": "HN-SCT",
    "role": "lead",
    "recipient_name": "Sở Công Thương",
    "agency_name": "Sở Công Thương",
    "from_name": "Sở Tài chính",
    "directive_subject": "khuyến công",
    "reason": "<b>x</b>",
    "remarks": "x",
    "requested": DUE,
    "previous": DUE,
    "period": "2016-Q4",
    "report_due_on": DUE,
    "submitted_on": DUE,
    "today": date(2016, 12, 10),
    "days_left": 5,
    "final": True,
    "nil": False,
    "available": 1_000_000,
    "amount": 2_000_000,
    "fiscal_year": 2017,
    "purpose": "<img onerror=alert(1)> {{ 7 }} & 'x'",
}


@pytest.mark.parametrize("milestone", MILESTONES)
def test_every_text_renders_and_escapes(milestone: str) -> None:
    amounts = {"requested": 1_234_567} if milestone == "overspend_refused" else {}
    words = render(milestone, {**CONTEXT, **amounts})

    assert "\n" not in words.subject
    assert "Sở Công Thương" in words.body
    assert "<img" not in words.html()
    assert "<b>" not in words.html()
    if "Nội dung:" in words.body:
        assert "<img onerror=alert(1)> {{ 7 }} & 'x'" in words.body


async def test_an_assigned_task_is_told_once(notification: ServiceUnderTest) -> None:
    event_id = uuid4()
    await notification.deliver(ASSIGNED, event_id=event_id)
    await notification.deliver(ASSIGNED, event_id=event_id)

    assert await milestones(notification) == [("task_assigned", "HN-SCT")]
    (told,) = await notification.published(notification_events.NoticeDelivered)
    assert (told.task_id, told.accepted_by) == (TASK, "inbox")


async def test_a_milestone_is_told_at_most_once_per_deadline_version(
    notification: ServiceUnderTest,
) -> None:
    await notification.deliver(ASSIGNED, MISSED)
    await notification.deliver(MISSED)

    assert await milestones(notification, Notice.milestone == "deadline_missed") == [
        ("deadline_missed", "HN-SCT")
    ]
    assert await notification.dead_letters() == []


async def test_what_came_before_its_task_waits_for_it(notification: ServiceUnderTest) -> None:
    await notification.deliver(SUBMITTED)

    (letter,) = await notification.dead_letters()
    assert letter.next_try_at is not None
    await notification.deliver(ASSIGNED)
    async with notification.sessions.begin() as session:
        await session.execute(text("update dead_letters set next_try_at = now()"))
    assert await retry_early(notification.sessions, notification.app.state.handlers) == 1
    assert await notification.dead_letters() == []
    async with notification.sessions() as session:
        task = await session.get_one(TaskFacts, SUBMITTED.task_id)
    assert task.progress == "reported"


async def test_a_reminder_whose_reason_has_gone_is_dropped(notification: ServiceUnderTest) -> None:
    await notification.deliver(ASSIGNED, SUBMITTED, MISSED)

    assert await milestones(notification) == [
        ("task_assigned", "HN-SCT"),
        ("report_submitted", "HN-UBND"),
    ]


async def test_three_urges_then_the_issuing_office(notification: ServiceUnderTest) -> None:
    await notification.deliver(ASSIGNED, MISSED)
    settings = Settings(database_url="postgresql+asyncpg://unused")
    late = end_of_day(DUE)

    for weeks in range(1, 8):
        await notification.run(urging(settings), now=late + timedelta(weeks=weeks))
        await notification.run(urging(settings), now=late + timedelta(weeks=weeks))

    told = [one for one in await milestones(notification) if one[0] not in ("task_assigned",)]
    assert told == [
        ("deadline_missed", "HN-SCT"),
        ("urge_1", "HN-SCT"),
        ("urge_2", "HN-SCT"),
        ("urge_3", "HN-SCT"),
        ("escalation", "HN-UBND"),
    ]


async def test_nobody_is_urged_after_the_report(notification: ServiceUnderTest) -> None:
    await notification.deliver(ASSIGNED, MISSED, SUBMITTED)
    settings = Settings(database_url="postgresql+asyncpg://unused")

    await notification.run(urging(settings), now=end_of_day(DUE) + timedelta(days=60))

    assert ("urge_1", "HN-SCT") not in await milestones(notification)


async def test_overspending_is_told_to_the_agency_and_the_office(
    notification: ServiceUnderTest,
) -> None:
    refused = budget.OverspendRefused(
        line_id=UUID(int=9), agency="HN-SCT", requested=2_000_000, available=1_000_000
    )
    await notification.deliver(OPENED, refused)

    assert sorted(await milestones(notification)) == [
        ("overspend_refused", "HN-SCT"),
        ("overspend_refused", "HN-UBND"),
    ]
    async with notification.sessions() as session:
        (body, *_) = (await session.scalars(select(Notice.body))).all()
    for said in ("2.000.000 đồng", "năm 2017", "Khuyến công", "1.000.000 đồng"):
        assert said in body


async def test_an_agency_is_told_what_it_may_spend(notification: ServiceUnderTest) -> None:
    moved: dict[str, Any] = {"line_id": OPENED.line_id, "agency": "HN-SCT", "available": 5}
    given = budget.EstimateAssigned(movement_id=UUID(int=10), amount=9, **moved)
    taken = budget.EstimateAdjusted(movement_id=UUID(int=11), amount=-4, **moved)

    await notification.deliver(OPENED, given, taken)

    assert sorted(await milestones(notification)) == [
        ("estimate_adjusted", "HN-SCT"),
        ("estimate_assigned", "HN-SCT"),
    ]


async def test_both_agencies_are_told_of_a_task_that_moves_each_time(
    notification: ServiceUnderTest,
) -> None:
    def moves(giver: str, taker: str) -> assignment.TaskReassigned:
        facts = {**FACTS, "agency": taker}
        return assignment.TaskReassigned(from_agency=giver, reason="x", **facts)

    there, back = moves("HN-SCT", "HN-STC"), moves("HN-STC", "HN-SCT")
    await notification.deliver(ASSIGNED, there, back, there)

    told = await milestones(notification, Notice.milestone != "task_assigned")
    assert sorted(told) == [
        ("task_moved_away", "HN-SCT"),
        ("task_moved_away", "HN-SCT"),
        ("task_moved_away", "HN-STC"),
        ("task_reassigned", "HN-SCT"),
        ("task_reassigned", "HN-STC"),
        ("task_reassigned", "HN-STC"),
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2016-10", "tháng 10 năm 2016"),
        ("2017-Q4", "quý IV năm 2017"),
        ("2017-H1", "6 tháng đầu năm 2017"),
        ("2017-H2", "6 tháng cuối năm 2017"),
        ("2016", "năm 2016"),
    ],
)
def test_a_period_is_named_in_words(name: str, words: str) -> None:
    assert f"báo cáo định kỳ {words} đối với" in (
        render("report_missed", {**CONTEXT, "period": name}).body
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [("2", "tại mục 2 của"), ("3.-1", "tại mục 3, gạch đầu dòng thứ 1 của"), ("a.1", "mục a.1")],
)
def test_a_place_is_named_in_words(path: str, words: str) -> None:
    assert words in render("deadline_missed", {**CONTEXT, "item_path": path}).body


@dataclass
class Mailbox:
    """A real SMTP server; it refuses what ``answers`` says, then takes everything."""

    port: int
    answers: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(envelope.content)
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=60)
    server.start()
    yield box
    server.stop()


@pytest.fixture
async def smtp(mailbox: Mailbox) -> Settings:
    return Settings(
        database_url="postgresql+asyncpg://unused",
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        mail_from="dondoc@example.vn",
    )


async def work(service: ServiceUnderTest, settings: Settings) -> int:
    return await service.work(mailing(settings), now=datetime(2016, 10, 21, tzinfo=UTC))


async def due_now(service: ServiceUnderTest) -> None:
    async with service.sessions.begin() as session:
        await session.execute(text("update notices set next_try_at = now()"))


async def email(service: ServiceUnderTest) -> Notice:
    async with service.sessions() as session:
        return (await session.scalars(select(Notice).where(Notice.channel == "email"))).one()


async def test_a_mail_is_sent_once_and_logged(
    notification: ServiceUnderTest, mailbox: Mailbox, smtp: Settings
) -> None:
    await contact(notification)
    await notification.deliver(ASSIGNED)

    await work(notification, smtp)
    await work(notification, smtp)

    assert len(mailbox.mails) == 1
    assert b"Message-ID: <" in mailbox.mails[0]
    assert (await email(notification)).state == "delivered"
    assert await notification.count(Delivery) == 1
    assert len(await notification.published(notification_events.NoticeDelivered)) == 2


async def test_only_a_mail_is_a_page_too(
    notification: ServiceUnderTest, mailbox: Mailbox, smtp: Settings
) -> None:
    await contact(notification)
    await notification.deliver(ASSIGNED)
    await work(notification, smtp)

    async with notification.sessions() as session:
        pages = {one.channel: one.html for one in await session.scalars(select(Notice))}
    assert pages["in_app"] == ""
    assert "<p>Kính gửi" in pages["email"]
    assert b"text/html" in mailbox.mails[0]


async def test_a_temporary_failure_is_tried_again(
    notification: ServiceUnderTest, mailbox: Mailbox, smtp: Settings
) -> None:
    mailbox.answers = ["451 later"]
    await contact(notification)
    await notification.deliver(ASSIGNED)

    await work(notification, smtp)
    assert (await email(notification)).state == "waiting"
    await due_now(notification)
    await work(notification, smtp)

    assert (await email(notification)).state == "delivered"
    assert len(mailbox.mails) == 1


async def test_a_permanent_failure_ends_it(
    notification: ServiceUnderTest, mailbox: Mailbox, smtp: Settings
) -> None:
    mailbox.answers = ["550 no such mailbox"]
    await contact(notification)
    await notification.deliver(ASSIGNED)

    await work(notification, smtp)

    assert (await email(notification)).state == "failed"
    (failed,) = await notification.published(notification_events.NoticeFailed)
    assert "550" in failed.reason


async def test_a_server_that_is_away_only_delays(notification: ServiceUnderTest) -> None:
    away = Settings(
        database_url="postgresql+asyncpg://unused", smtp_host="127.0.0.1", smtp_port=free_port()
    )
    await contact(notification)
    await notification.deliver(ASSIGNED)

    await work(notification, away)

    assert (await email(notification)).state == "waiting"


async def test_a_mail_that_waits_is_dropped_when_its_reason_goes(
    notification: ServiceUnderTest, mailbox: Mailbox, smtp: Settings
) -> None:
    await contact(notification)
    await notification.deliver(ASSIGNED, MISSED)
    await notification.deliver(SUBMITTED)

    await work(notification, smtp)

    assert len(mailbox.mails) == 1
    async with notification.sessions() as session:
        dropped = await session.scalars(select(Notice).where(Notice.state == "dropped"))
        assert [one.milestone for one in dropped] == ["deadline_missed"]


async def test_a_mail_that_waits_for_an_agency_that_lost_the_task_is_dropped(
    notification: ServiceUnderTest, mailbox: Mailbox, smtp: Settings
) -> None:
    await contact(notification)
    facts = {**FACTS, "agency": "HN-STC"}
    moved = assignment.TaskReassigned(from_agency="HN-SCT", reason="x", **facts)
    await notification.deliver(ASSIGNED, MISSED, moved)

    await work(notification, smtp)

    async with notification.sessions() as session:
        dropped = (await session.scalars(select(Notice).where(Notice.state == "dropped"))).all()
        assert [one.outcome for one in dropped] == ["the task went to HN-STC"]


def test_line_breaks_cannot_get_into_a_mails_headers() -> None:
    mail = Mail(uuid4(), "a\r\nBcc: x@y.z", "b", "<p>b</p>", [{"name": "n", "email": "a@b.c"}])

    with pytest.raises(ValueError, match="line"):
        compose("dondoc@example.vn", mail)


@pytest.mark.parametrize("bad", ["a\r\nb@c.d", "no-at", "a@b@c", "<a@b.c>", "a@b.c\n"])
async def test_a_bad_address_is_refused(notification: ServiceUnderTest, bad: str) -> None:
    async with notification.client(UserRole.AGENCY, agency="HN-SCT") as client:
        body = {"addresses": [{"name": "x", "email": bad}]}
        assert (await client.put("/contacts/HN-SCT", json=body)).status_code == 422


async def test_a_contact_of_an_agency_that_the_register_lacks_is_refused(
    notification: ServiceUnderTest,
) -> None:
    body: dict[str, Any] = {"addresses": []}
    async with notification.client(UserRole.COORDINATOR) as client:
        refused = await client.put("/contacts/HN-KHONGCO", json=body)
        left = await notification.count(Contact)
        await know(notification, "HN-KHONGCO")
        made = await client.put("/contacts/HN-KHONGCO", json=body)

    assert (refused.status_code, refused.json()["type"]) == (404, "urn:dondoc:agency-unknown")
    assert (left, made.status_code) == (0, 201)


async def test_an_agency_sees_only_its_own_notices(notification: ServiceUnderTest) -> None:
    await contact(notification)
    await notification.deliver(ASSIGNED)
    async with notification.client(UserRole.AGENCY, agency="HN-SCT") as client:
        (own,) = (await client.get("/inbox?unread=true")).json()["items"]
        read = await client.post(f"/inbox/{own['id']}/read")
        assert read.json()["read_at"]
        assert (await client.get("/inbox?unread=true")).json()["items"] == []
    async with notification.client(UserRole.AGENCY, agency="HN-STC") as client:
        assert (await client.get("/inbox")).json()["items"] == []
        assert (await client.get("/notices")).json()["items"] == []
        assert (await client.post(f"/inbox/{own['id']}/read")).status_code == 404
        assert (await client.get("/contacts/HN-SCT")).status_code == 404
        assert (await client.put("/contacts/HN-SCT", json={"addresses": []})).status_code == 404
        assert (await client.get(f"/deliveries?notice={own['id']}")).status_code == 404
    async with notification.client(UserRole.BUDGET) as client:
        assert (await client.get("/notices")).status_code == 403


async def test_a_contact_changes_only_with_the_version_that_was_read(
    notification: ServiceUnderTest,
) -> None:
    await contact(notification)
    async with notification.client(UserRole.AGENCY, agency="HN-SCT") as client:
        body: dict[str, Any] = {"addresses": []}
        assert (await client.put("/contacts/HN-SCT", json=body)).status_code == 428
        seen = await client.get("/contacts/HN-SCT")
        headers = {"If-Match": seen.headers["etag"]}
        changed = await client.put("/contacts/HN-SCT", json=body, headers=headers)
        stale = await client.put("/contacts/HN-SCT", json={**body, "email": False}, headers=headers)
    assert (changed.status_code, stale.status_code) == (200, 412)
