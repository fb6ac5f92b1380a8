"""Whom to tell what, and what has become of it. Methods decide; they do no I/O."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.models.base import Base
from shared.clock import end_of_day, local_date, start_of_day
from shared.errors import NotFound
from shared.events.assignment import MILESTONES
from shared.types import Role

URGES = 3
"""Urges before the issuing office is told (Hà Nội 2023: more than three go to the leadership)."""

_REMINDER = "deadline_approaching_"


class NoticeNotFound(NotFound):
    """There is no such notice, or it is not your agency's."""


class ContactNotFound(NotFound):
    """There is no contact of this agency, or it is not yours."""


class AgencyUnknown(NotFound):
    """The register has told of no agency with this code."""


class NoticeState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class Progress(StrEnum):
    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"


class Contact(Base):
    """Where an agency gets its e-mails: a list of {name, email}."""

    __tablename__ = "contacts"

    agency: Mapped[str] = mapped_column(primary_key=True)
    addresses: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    email: Mapped[bool]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Recipient(Base):
    """The row that is locked for a recipient's key on ``notification.notices``."""

    __tablename__ = "recipients"

    code: Mapped[str] = mapped_column(primary_key=True)


class AgencyName(Base):
    """How an agency is called; a newer version replaces an older one."""

    __tablename__ = "agency_names"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]


class DirectiveFacts(Base):
    """What notices say of a directive."""

    __tablename__ = "directive_facts"

    directive_id: Mapped[UUID] = mapped_column(primary_key=True)
    number_symbol: Mapped[str]
    subject: Mapped[str]


class LineFacts(Base):
    """What notices say of a budget line."""

    __tablename__ = "line_facts"

    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    purpose: Mapped[str]


class TaskFacts(Base):
    """What notices need to know of a task. ``next_urge_at``: when to press for it next."""

    __tablename__ = "task_facts"
    __table_args__ = (
        Index(
            "ix_task_facts_next_urge_at_task_id",
            "next_urge_at",
            "task_id",
            postgresql_where=text("next_urge_at is not null"),
        ),
    )

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    directive_id: Mapped[UUID]
    agency: Mapped[str]
    role: Mapped[str]
    number_symbol: Mapped[str]
    issued_on: Mapped[date | None]
    issuer: Mapped[str]
    item_path: Mapped[str]
    summary: Mapped[str]
    due_on: Mapped[date | None]
    deadline_version: Mapped[int]
    report_to: Mapped[list[str]] = mapped_column(server_default="{}")
    progress: Mapped[str]
    urges: Mapped[int] = mapped_column(default=0)
    next_urge_at: Mapped[datetime | None]

    def miss(self, due_on: date, version: int, every: timedelta) -> bool:
        """Begin to urge; False if the reason has gone: reported, closed or extended meanwhile."""
        if self.progress != Progress.OPEN or version != self.deadline_version:
            return False
        first = end_of_day(due_on) + every
        self.next_urge_at = max(first, self.next_urge_at or first)
        return True

    def urge(self, every: timedelta, now: datetime) -> str | None:
        """The next step that is due: ``urge_1`` … ``urge_3``, then ``escalation`` and the end.

        After a step that was told late the agency has its days again before the next one.
        """
        assert self.next_urge_at is not None
        if self.progress != Progress.OPEN:
            self.next_urge_at = None
            return None
        self.urges += 1
        if self.urges > URGES:
            self.next_urge_at = None
            return "escalation"
        self.next_urge_at = start_of_day(local_date(now)) + every
        return f"urge_{self.urges}"

    def settle(self, progress: Progress) -> None:
        """Nothing to press for while it is reported, or any more when it is closed."""
        if self.progress != Progress.CLOSED:
            self.progress = progress
        self.next_urge_at = None

    def owe_again(self, at: datetime, every: timedelta) -> None:
        """The report was sent back: urges go on where they stood if the deadline has ended."""
        self.settle(Progress.OPEN)
        if self.urges <= URGES:
            self._press(at, every)

    def move_to(self, agency: str, at: datetime, every: timedelta) -> None:
        """Another agency's from now on; how often the former one was urged is not its matter."""
        self.agency, self.urges, self.next_urge_at = agency, 0, None
        self._press(at, every)

    def _press(self, at: datetime, every: timedelta) -> None:
        if self.progress == Progress.OPEN:
            self.next_urge_at = first_urge(self.role, self.due_on, at, every)

    def extend(self, due_on: date, version: int) -> None:
        self.due_on, self.deadline_version = due_on, version
        self.urges, self.next_urge_at = 0, None


def first_urge(role: str, due_on: date | None, at: datetime, every: timedelta) -> datetime | None:
    """When to press first for what is owed from ``at`` on; None unless it is due already."""
    if role != Role.LEAD or due_on is None or at < end_of_day(due_on):
        return None
    return start_of_day(local_date(at)) + every


class Notice(Base):
    """One thing told to one recipient over one channel: at most once by its unique key.

    ``about`` is the task's id, or of what else it is about; ``next_try_at`` is real time.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint(
            "about", "recipient", "milestone", "deadline_version", "channel", name="uq_notices_once"
        ),
        Index("ix_notices_recipient_created_at", "recipient", "created_at"),
        Index("ix_notices_next_try_at", "next_try_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    about: Mapped[str]
    task_id: Mapped[UUID | None]
    recipient: Mapped[str]
    milestone: Mapped[str]
    deadline_version: Mapped[int]
    channel: Mapped[str]
    state: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    html: Mapped[str]
    """Empty but for e-mails."""
    correlation_id: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class Delivery(Base):
    """One attempt to hand a notice over, and what the other side said; never altered."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_notice_id", "notice_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    at: Mapped[datetime]
    outcome: Mapped[str]
    answer: Mapped[str]


def reminder_outlived(days: int, due_on: date, today: date) -> bool:
    """Whether the next reminder's day has come, or after the last one the deadline has ended."""
    following = max((one for one in MILESTONES if one < days), default=-1)
    return (due_on - today).days <= following


def outlived(notice: Notice, task: TaskFacts | None, today: date) -> str | None:
    """Why the notice need not be sent any more; None while its reason stands."""
    if task is None:
        return None
    if notice.milestone.startswith(_REMINDER) and task.due_on is not None:
        days = int(notice.milestone.removeprefix(_REMINDER))
        if reminder_outlived(days, task.due_on, today):
            return "a later notice tells it"
    presses = notice.milestone.startswith(("deadline_approaching", "deadline_missed", "urge"))
    if presses and task.agency != notice.recipient:
        return f"the task went to {task.agency}"
    owed = presses or notice.milestone == "escalation"
    if owed and task.progress != Progress.OPEN:
        return f"the task is {task.progress}"
    if owed and notice.deadline_version != task.deadline_version:
        return "the deadline was extended"
    if notice.milestone == "task_assigned" and task.progress == Progress.CLOSED:
        return "the task is closed"
    return None


def as_context(task: TaskFacts | None, **more: Any) -> dict[str, Any]:
    """What a template may use of a task."""
    known = (
        {}
        if task is None
        else {
            "number_symbol": task.number_symbol,
            "issued_on": task.issued_on,
            "item_path": task.item_path,
            "summary": task.summary,
            "due_on": task.due_on,
            "agency": task.agency,
            "role": task.role,
        }
    )
    return {**known, **more}
