"""Look-ups in the register and the calendar."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.intake.folding import fold
from services.assignment.models.agencies import (
    Agency,
    AgencyNotFound,
    CalendarOverride,
    Group,
    GroupNotFound,
    Membership,
    UnknownCode,
)
from shared.calendar import Calendar


def agencies(q: str | None) -> Select[Agency]:
    """Agencies whose name, short name or alias contains the words, however they are spelled."""
    found = select(Agency)
    if q:
        found = found.where(Agency.search.contains(fold(q), autoescape=True))
    return found


async def agency(session: AsyncSession, code: str) -> Agency:
    found = await session.get(Agency, code)
    if found is None:
        raise AgencyNotFound(f"The register has no agency {code}.")
    return found


async def groups_of(session: AsyncSession, code: str) -> list[str]:
    found = select(Membership.group).where(Membership.agency == code).order_by(Membership.group)
    return list((await session.scalars(found)).all())


async def group(session: AsyncSession, code: str, on: date) -> dict[str, Any]:
    """The group and its members on a day."""
    found = await session.get(Group, code)
    if found is None:
        raise GroupNotFound(f"There is no group {code}.")
    members = (await expand(session, [code], on))[code]
    return {
        "code": found.code,
        "name": found.name,
        "open": found.open,
        "phrases": found.phrases,
        "members": members,
    }


async def expand(session: AsyncSession, codes: Iterable[str], on: date) -> dict[str, list[str]]:
    """For each code its agencies on that day, by code: itself, or the members of the group.

    UnknownCode names what the register does not have.
    """
    wanted = set(codes)
    known = set((await session.scalars(select(Agency.code).where(Agency.code.in_(wanted)))).all())
    result = {code: [code] for code in known}
    groups = set((await session.scalars(select(Group.code).where(Group.code.in_(wanted)))).all())
    result.update({code: [] for code in groups})
    members = select(Membership.group, Membership.agency).where(
        Membership.group.in_(groups),
        or_(Membership.valid_from.is_(None), Membership.valid_from <= on),
        or_(Membership.valid_to.is_(None), Membership.valid_to >= on),
    )
    for row in await session.execute(members.order_by(Membership.agency)):
        result[row.group].append(row.agency)
    if unknown := sorted(wanted - set(result)):
        raise UnknownCode(f"The register has no {', '.join(unknown)}.", unknown=unknown)
    return result


async def register(session: AsyncSession) -> tuple[Sequence[Agency], Sequence[Group]]:
    """Everything intake needs to resolve names."""
    return (
        (await session.scalars(select(Agency).order_by(Agency.code))).all(),
        (await session.scalars(select(Group).order_by(Group.code))).all(),
    )


async def calendar(session: AsyncSession) -> Calendar:
    """Working days, with the site's overrides."""
    overrides = (await session.scalars(select(CalendarOverride))).all()
    return Calendar({override.day: override.works for override in overrides})
