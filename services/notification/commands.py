"""What people do with notices and contacts."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.models.notices import (
    AgencyName,
    AgencyUnknown,
    Contact,
    Notice,
    NoticeNotFound,
)
from shared.events.notification import Channel
from shared.http import Command, VersionMissing, check_version
from shared.types import Line

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*"
)


def _is_email(value: str) -> str:
    if not _EMAIL.fullmatch(value) or len(value) > 254:
        raise ValueError("must be an e-mail address such as van-thu@example.vn")
    return value


Email = Annotated[str, AfterValidator(_is_email)]


LATER = "correct the code, or send it again a moment after the register has recorded it"


class MailAddress(Command):
    name: Line
    email: Email


class SetContact(Command):
    """The addresses replace those there were; ``email`` false: in-app only."""

    addresses: Annotated[list[MailAddress], Field(max_length=20)]
    email: bool = True


async def set_contact(
    session: AsyncSession, agency: str, command: SetContact, *, if_match: int | None
) -> tuple[Contact, bool]:
    """A first contact needs no version; a change needs the one that was read."""
    told = [one.model_dump() for one in command.addresses]
    contact = await session.get(Contact, agency, with_for_update=True)
    if contact is None:
        if await session.get(AgencyName, agency) is None:
            raise AgencyUnknown(f"Nothing was heard of an agency {agency}; {LATER}.")
        contact = Contact(agency=agency, addresses=told, email=command.email)
        session.add(contact)
        await session.flush()
        return contact, True
    if contact.addresses != told or contact.email != command.email:
        if if_match is None:
            raise VersionMissing()
        check_version(contact.version, if_match)
        contact.addresses, contact.email = told, command.email
        await session.flush()
    return contact, False


async def read_notice(
    session: AsyncSession, notice_id: UUID, *, recipient: str, now: datetime
) -> Notice:
    """Mark it as read; again changes nothing."""
    found = select(Notice).where(
        Notice.id == notice_id, Notice.recipient == recipient, Notice.channel == Channel.IN_APP
    )
    notice = (await session.scalars(found.with_for_update())).one_or_none()
    if notice is None:
        raise NoticeNotFound()
    notice.read_at = notice.read_at or now
    return notice
