"""Storing notices: at most one per subject, recipient, milestone, deadline version and channel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.models.notices import (
    AgencyName,
    Contact,
    Notice,
    NoticeState,
    Recipient,
)
from services.notification.texts import render
from shared.database import among, insert_new
from shared.events.base import Event
from shared.events.notification import Channel, NoticeDelivered
from shared.handlers import envelope
from shared.ids import derived_id, sweep_id
from shared.outbox import publish

log = structlog.get_logger()


@dataclass(frozen=True)
class Telling:
    """Something to tell a recipient. ``about`` names the subject, a task's id as a rule."""

    about: str
    recipient: str
    milestone: str
    context: dict[str, Any]
    at: datetime
    task_id: UUID | None = None
    deadline_version: int = 0
    cause: Event | None = None
    names: dict[str, str] = field(default_factory=dict)
    """Template variables that are filled with the names of these agency codes."""


async def tell(session: AsyncSession, tellings: Sequence[Telling]) -> int:
    """Store them for each channel; in-app ones are delivered by that, e-mails wait for the job.

    Returns how many notices are new; what was told before is not told again.
    """
    if not tellings:
        return 0
    await _lock(session, {one.recipient for one in tellings})
    codes = {code for one in tellings for code in (one.recipient, *one.names.values())}
    names = await _names(session, codes)
    mailed = await _mailed(session, {one.recipient for one in tellings})
    rows = [
        row
        for one in tellings
        for row in _rows(session, one, names, with_mail=one.recipient in mailed)
    ]
    stored = await insert_new(session, Notice, rows)
    _publish(session, tellings, [row for row in rows if row["id"] in stored])
    return len(stored)


def _rows(
    session: AsyncSession, one: Telling, names: dict[str, str], *, with_mail: bool
) -> Iterable[dict[str, Any]]:
    shown = {variable: names.get(code, code) for variable, code in one.names.items()}
    recipient = {"recipient_name": names.get(one.recipient, one.recipient)}
    words = render(one.milestone, {**one.context, **shown, **recipient})
    own = str(one.task_id or one.about)
    correlation = envelope(session, one.cause).correlation_id if one.cause else own
    version = one.milestone, one.deadline_version
    for channel in (Channel.IN_APP, Channel.EMAIL) if with_mail else (Channel.IN_APP,):
        waits = channel is Channel.EMAIL
        yield {
            "id": sweep_id(one.at, f"{one.about}/{one.recipient}/{channel.value}", *version),
            "about": one.about,
            "task_id": one.task_id,
            "recipient": one.recipient,
            "milestone": one.milestone,
            "deadline_version": one.deadline_version,
            "channel": channel.value,
            "state": (NoticeState.WAITING if waits else NoticeState.DELIVERED).value,
            "subject": words.subject,
            "body": words.body,
            "html": words.html() if waits else "",
            "correlation_id": correlation[:64],
            "created_at": one.at,
            "attempts": 0,
            "next_try_at": datetime.now(UTC) if waits else None,
        }


def _publish(
    session: AsyncSession, tellings: Sequence[Telling], rows: Sequence[dict[str, Any]]
) -> None:
    causes = {(one.about, one.recipient, one.milestone): one for one in tellings}
    for row in rows:
        if row["channel"] != Channel.IN_APP:
            continue
        told = causes[row["about"], row["recipient"], row["milestone"]]
        delivered = NoticeDelivered(
            notice_id=row["id"],
            recipient=row["recipient"],
            task_id=row["task_id"],
            milestone=row["milestone"],
            channel=Channel.IN_APP,
            accepted_by="inbox",
        )
        id = derived_id(row["id"], NoticeDelivered.type.encode())
        publish(session, delivered, cause=told.cause, id=id)


async def _lock(session: AsyncSession, codes: set[str]) -> None:
    """Hold the rows that stand for the recipients' keys, in the order of their codes."""
    rows = [{"code": code} for code in sorted(codes)]
    await session.execute(insert(Recipient).on_conflict_do_nothing(), rows)
    await session.execute(
        select(Recipient.code)
        .where(among(Recipient.code, codes))
        .order_by(Recipient.code)
        .with_for_update()
    )


async def _names(session: AsyncSession, codes: set[str]) -> dict[str, str]:
    found = await session.execute(
        select(AgencyName.code, AgencyName.name).where(among(AgencyName.code, codes))
    )
    return {row[0]: row[1] for row in found}


async def _mailed(session: AsyncSession, codes: set[str]) -> set[str]:
    found = await session.scalars(
        select(Contact.agency).where(
            among(Contact.agency, codes),
            Contact.email.is_(True),
            func.jsonb_array_length(Contact.addresses) > 0,
        )
    )
    return set(found.all())
