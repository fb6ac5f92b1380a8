"""Keeping the register of agencies and the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.intake.folding import fold
from services.assignment.models.agencies import (
    Agency,
    CalendarOverride,
    Group,
    Membership,
    NameTaken,
)
from shared.http import Command
from shared.outbox import publish
from shared.types import Line

_FIELDS = (
    "name",
    "short_name",
    "aliases",
    "kind",
    "parent",
    "gso_code",
    "valid_from",
    "valid_to",
    "successors",
)


@dataclass(frozen=True)
class AgencyRecord:
    """An agency as a register file has it, with the groups it belongs to."""

    code: str
    name: str
    short_name: str
    aliases: list[str]
    kind: str
    groups: list[str]
    parent: str | None = None
    gso_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupRecord:
    """A group as a register file has it."""

    code: str
    name: str
    open: bool
    phrases: list[str]


class SetDay(Command):
    """Whether a day is worked, and who says so (the notice's number)."""

    works: bool
    source: Line


async def record_groups(session: AsyncSession, records: Sequence[GroupRecord]) -> None:
    for record in records:
        await session.merge(
            Group(
                code=record.code, name=record.name, open=record.open, phrases=list(record.phrases)
            )
        )
    await session.flush()


async def record_agencies(session: AsyncSession, records: Sequence[AgencyRecord]) -> int:
    """Insert or change; what differs gets a new version and is published whole.

    Returns how many were new or changed. NameTaken if two codes have the same folded name.
    """
    known = {agency.code: agency for agency in await session.scalars(select(Agency))}
    groups = await _groups(session)
    _refuse_same_names(known, records)
    changed = 0
    for record in sorted(records, key=lambda one: one.code):
        agency = known.get(record.code)
        if agency is not None and _same(agency, groups.get(record.code, []), record):
            continue
        changed += 1
        agency = _apply(agency, record)
        session.add(agency)
        await session.flush()
        await _set_groups(session, record)
        publish(session, agency.recorded(sorted(record.groups)))
    return changed


def _apply(agency: Agency | None, record: AgencyRecord) -> Agency:
    if agency is None:
        agency = Agency(code=record.code, version=1)
    else:
        agency.version += 1
    for name in _FIELDS:
        value = getattr(record, name)
        setattr(agency, name, list(value) if isinstance(value, tuple | list) else value)
    agency.remember_spellings()
    return agency


def _same(agency: Agency, groups: list[str], record: AgencyRecord) -> bool:
    fields = all(_plain(getattr(agency, name)) == _plain(getattr(record, name)) for name in _FIELDS)
    return fields and groups == sorted(record.groups)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _refuse_same_names(known: dict[str, Agency], records: Sequence[AgencyRecord]) -> None:
    names = {agency.folded_name: agency.code for agency in known.values()}
    for record in records:
        other = names.setdefault(fold(record.name), record.code)
        if other != record.code:
            raise NameTaken(
                f"{record.code} would have the name of {other}: {record.name}", code=other
            )


async def _groups(session: AsyncSession) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in await session.execute(
        select(Membership.agency, Membership.group).order_by(Membership.group)
    ):
        found.setdefault(row.agency, []).append(row.group)
    return found


async def _set_groups(session: AsyncSession, record: AgencyRecord) -> None:
    await session.execute(delete(Membership).where(Membership.agency == record.code))
    session.add_all(
        Membership(
            group=group,
            agency=record.code,
            valid_from=record.valid_from,
            valid_to=record.valid_to,
        )
        for group in record.groups
    )


async def set_day(session: AsyncSession, day: date, command: SetDay) -> CalendarOverride:
    """Deadlines that are set from now on use it."""
    return await session.merge(
        CalendarOverride(day=day, works=command.works, source=command.source)
    )
