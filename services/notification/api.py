"""Notification over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, select

from services.notification import commands
from services.notification.commands import SetContact
from services.notification.models.notices import (
    Contact,
    ContactNotFound,
    Delivery,
    Notice,
    NoticeNotFound,
    NoticeState,
)
from shared.auth import Principal, UserRole
from shared.events.notification import Channel
from shared.http import (
    Caller,
    Now,
    Router,
    Session,
    VersionStale,
    allow,
    answer_created,
    set_etag,
)
from shared.openapi import created_as
from shared.paging import PageOut, Paging, paginate

router = Router(tags=["notification"])

READERS = allow(UserRole.COORDINATOR, UserRole.AGENCY, UserRole.AUDITOR)
OWNERS = allow(UserRole.COORDINATOR, UserRole.AGENCY)


class NoticeOut(BaseModel):
    """One thing told to one recipient over one channel."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    task_id: UUID | None
    recipient: str
    milestone: str
    deadline_version: int
    channel: str
    state: str
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None
    attempts: int
    outcome: str | None


class ContactOut(BaseModel):
    """Where an agency gets its e-mails."""

    model_config = ConfigDict(from_attributes=True)

    agency: str
    addresses: list[dict[str, str]]
    email: bool
    version: int


class DeliveryOut(BaseModel):
    """One attempt to hand a notice over."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    outcome: str
    answer: str


def _own(caller: Principal, request: Request) -> str:
    """Whose inbox the caller reads: the agency's, or for a coordinator the issuing office's."""
    office: str = request.app.state.settings.issuer_agency
    return caller.agency or office


@router.get("/inbox", response_model=PageOut[NoticeOut], dependencies=[OWNERS])
async def show_inbox(
    request: Request, session: Session, caller: Caller, page: Paging, unread: bool = False
) -> dict[str, Any]:
    query = select(Notice).where(
        Notice.recipient == _own(caller, request), Notice.channel == Channel.IN_APP
    )
    if unread:
        query = query.where(Notice.read_at.is_(None))
    return await paginate(session, query, page, by=Notice.created_at, id=Notice.id, descending=True)


@router.post("/inbox/{notice_id}/read", response_model=NoticeOut, dependencies=[OWNERS])
async def read_notice(
    request: Request, session: Session, caller: Caller, now: Now, notice_id: UUID
) -> Notice:
    return await commands.read_notice(session, notice_id, recipient=_own(caller, request), now=now)


@router.get("/contacts/{agency}", response_model=ContactOut, dependencies=[READERS])
async def show_contact(
    session: Session, caller: Caller, response: Response, agency: str
) -> Contact:
    contact = await session.get(Contact, agency)
    if contact is None or caller.only_agency not in (None, agency):
        raise ContactNotFound()
    set_etag(response, contact.version)
    return contact


@router.put(
    "/contacts/{agency}",
    response_model=ContactOut,
    responses=created_as(ContactOut),
    dependencies=[OWNERS],
)
async def set_contact(
    session: Session,
    caller: Caller,
    response: Response,
    agency: str,
    command: SetContact,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Contact:
    if caller.only_agency not in (None, agency):
        raise ContactNotFound()
    contact, created = await commands.set_contact(
        session, agency, command, if_match=_version(if_match)
    )
    answer_created(response, created)
    set_etag(response, contact.version)
    return contact


def _version(if_match: str | None) -> int | None:
    if if_match is None:
        return None
    number = if_match.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdecimal()):
        raise VersionStale('If-Match must be a version such as "3", as the ETag has it.')
    return int(number)


def _notices(caller: Principal) -> Select[Notice]:
    found = select(Notice)
    only = caller.only_agency
    return found if only is None else found.where(Notice.recipient == only)


@router.get("/notices", response_model=PageOut[NoticeOut], dependencies=[READERS])
async def list_notices(
    session: Session,
    caller: Caller,
    page: Paging,
    task: UUID | None = None,
    agency: str | None = None,
    milestone: str | None = None,
    state: NoticeState | None = None,
    channel: Channel | None = None,
) -> dict[str, Any]:
    query = _notices(caller)
    given = {
        Notice.task_id: task,
        Notice.recipient: agency,
        Notice.milestone: milestone,
        Notice.state: state,
        Notice.channel: channel,
    }
    for column, value in given.items():
        if value is not None:
            query = query.where(column == value)
    return await paginate(session, query, page, by=Notice.created_at, id=Notice.id)


@router.get("/deliveries", response_model=list[DeliveryOut], dependencies=[READERS])
async def list_deliveries(session: Session, caller: Caller, notice: UUID) -> Any:
    """The attempts of one notice, oldest first."""
    known = (await session.scalars(_notices(caller).where(Notice.id == notice))).one_or_none()
    if known is None:
        raise NoticeNotFound()
    found = select(Delivery).where(Delivery.notice_id == notice).order_by(Delivery.id)
    return (await session.scalars(found)).all()
