"""E-mail: rows that wait become mails, outside of any transaction; at least once over SMTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import aiosmtplib
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.models.notices import (
    Contact,
    Delivery,
    Notice,
    NoticeState,
    Recipient,
    TaskFacts,
    outlived,
)
from services.notification.settings import Settings
from shared.clock import local_date
from shared.database import Sessions, among
from shared.events.notification import Channel, NoticeDelivered, NoticeFailed
from shared.handlers import Envelope
from shared.jobs import WithSessions
from shared.outbox import publish

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
"""For so long nobody else takes a mail that a process has taken."""
MOST_ATTEMPTS = 8
AT_ONCE = 50
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Mail:
    """What is needed to send one notice without the database."""

    notice_id: UUID
    subject: str
    body: str
    html: str
    to: list[dict[str, str]]


@dataclass(frozen=True)
class Outcome:
    """``done``: taken by the server. ``final``: there is no point in trying again."""

    notice_id: UUID
    done: bool
    final: bool
    answer: str


def mailing(settings: Settings) -> WithSessions:
    """The worker that sends waiting e-mails; without a server they wait."""

    async def send_mails(sessions: Sessions, *, now: datetime, limit: int) -> int:
        if not settings.smtp_host:
            return 0
        mails = await _claim(sessions, min(limit, AT_ONCE), now)
        if not mails:
            return 0
        outcomes = await _send(settings, mails)
        async with sessions.begin() as session:
            await _record(session, outcomes, settings, now)
        return len(outcomes) if any(one.done for one in outcomes) else 0

    return send_mails


async def _claim(sessions: Sessions, limit: int, now: datetime) -> list[Mail]:
    """Take waiting mails for the time of the lease; drop those whose reason has gone."""
    mails = []
    async with sessions.begin() as session:
        due = await session.scalars(
            select(Notice)
            .where(Notice.state == NoticeState.WAITING, Notice.next_try_at <= datetime.now(UTC))
            .order_by(Notice.next_try_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        notices = list(due)
        tasks = await _tasks(session, notices)
        contacts = await _contacts(session, notices)
        for notice in notices:
            if why := outlived(notice, tasks.get(notice.task_id), local_date(now)):
                notice.state, notice.outcome = NoticeState.DROPPED, why
                log.info(
                    "notice_dropped",
                    notice_id=str(notice.id),
                    why=why,
                    correlation_id=notice.correlation_id,
                )
                continue
            notice.attempts += 1
            notice.next_try_at = datetime.now(UTC) + LEASE
            contact = contacts.get(notice.recipient)
            to = contact.addresses if contact is not None and contact.email else []
            mails.append(Mail(notice.id, notice.subject, notice.body, notice.html, to))
    return mails


async def _tasks(session: AsyncSession, notices: Sequence[Notice]) -> dict[UUID | None, TaskFacts]:
    ids = {notice.task_id for notice in notices if notice.task_id}
    found = await session.scalars(select(TaskFacts).where(among(TaskFacts.task_id, ids)))
    return {task.task_id: task for task in found}


async def _contacts(session: AsyncSession, notices: Sequence[Notice]) -> dict[str, Contact]:
    codes = {notice.recipient for notice in notices}
    found = await session.scalars(select(Contact).where(among(Contact.agency, codes)))
    return {contact.agency: contact for contact in found}


async def _send(settings: Settings, mails: Sequence[Mail]) -> list[Outcome]:
    """All over one connection; a server that is away is a temporary failure of each."""
    client = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        timeout=TIMEOUT_SECONDS,
        use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls",
    )
    try:
        await client.connect()
        if settings.smtp_user:
            password = settings.smtp_password.get_secret_value()
            await client.login(settings.smtp_user, password)
    except (aiosmtplib.SMTPException, OSError) as error:
        log.warning("smtp_unreachable", error=type(error).__name__)
        return [Outcome(one.notice_id, False, False, type(error).__name__) for one in mails]
    try:
        return [await _send_one(client, settings, mail) for mail in mails]
    finally:
        client.close()


async def _send_one(client: aiosmtplib.SMTP, settings: Settings, mail: Mail) -> Outcome:
    if not mail.to:
        return Outcome(mail.notice_id, False, True, "the agency has no e-mail address any more")
    try:
        message = compose(settings.mail_from, mail)
    except ValueError as error:
        return Outcome(mail.notice_id, False, True, f"no valid mail: {error}")
    try:
        _, answer = await client.send_message(message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        permanent = all(500 <= one.code < 600 for one in error.recipients)
        return Outcome(mail.notice_id, False, permanent, str(error)[:500])
    except aiosmtplib.SMTPResponseException as error:
        final = 500 <= error.code < 600
        return Outcome(mail.notice_id, False, final, f"{error.code} {error.message}"[:500])
    except (aiosmtplib.SMTPException, OSError) as error:
        return Outcome(mail.notice_id, False, False, type(error).__name__)
    return Outcome(mail.notice_id, True, True, answer[:500])


def compose(sender: str, mail: Mail) -> EmailMessage:
    """Plain text and HTML. The Message-ID is made of the notice's id: a repeat is recognisable."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = [Address(one["name"], addr_spec=one["email"]) for one in mail.to]
    message["Subject"] = mail.subject
    message["Message-ID"] = f"<{mail.notice_id}@dondoc>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    message.add_alternative(mail.html, subtype="html")
    return message


async def _record(
    session: AsyncSession, outcomes: Sequence[Outcome], settings: Settings, now: datetime
) -> None:
    by_id = {one.notice_id: one for one in outcomes}
    found = await session.scalars(
        select(Notice).where(among(Notice.id, by_id)).order_by(Notice.id).with_for_update()
    )
    notices = list(found)
    await session.execute(
        select(Recipient.code)
        .where(among(Recipient.code, {notice.recipient for notice in notices}))
        .order_by(Recipient.code)
        .with_for_update()
    )
    for notice in notices:
        outcome = by_id[notice.id]
        _settle(session, notice, outcome, settings)
        state = "delivered" if outcome.done else "failed" if outcome.final else "deferred"
        session.add(Delivery(notice_id=notice.id, at=now, outcome=state, answer=outcome.answer))


def _settle(session: AsyncSession, notice: Notice, outcome: Outcome, settings: Settings) -> None:
    notice.outcome = outcome.answer
    facts: dict[str, Any] = {
        "notice_id": notice.id,
        "recipient": notice.recipient,
        "task_id": notice.task_id,
        "milestone": notice.milestone,
        "channel": Channel.EMAIL,
    }
    cause = Envelope(notice.id, "notice", notice.created_at, notice.correlation_id)
    if outcome.done:
        notice.state = NoticeState.DELIVERED
        accepted = NoticeDelivered(accepted_by=settings.smtp_host, **facts)
        publish(session, accepted, cause=cause)
    elif outcome.final or notice.attempts >= MOST_ATTEMPTS:
        notice.state = NoticeState.FAILED
        failed = NoticeFailed(reason=outcome.answer, attempts=notice.attempts, **facts)
        publish(session, failed, cause=cause)
    else:
        back_off = timedelta(seconds=min(2**notice.attempts, 3600))
        notice.next_try_at = datetime.now(UTC) + back_off
