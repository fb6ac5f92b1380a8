"""Look-ups in the register and the calendar."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.intake.folding import fold
from services.assignment.models.agencies import (
    Agency,
    AgencyNotFound,
    AgencyNotInForce,
    CalendarOverride,
    Group,
    GroupEmpty,
    GroupNotFound,
    Membership,
    UnknownCode,
)
from shared.calendar import Calendar
from shared.database import among

EXPAND = text("""
select code, code as agency from agencies a where code = any(:codes)
  and not exists (select from groups g where g.code = a.code)
union all
select g.code, m.agency from groups g left join memberships m on m."group" = g.code
  and (m.valid_from is null or m.valid_from <= :on) and (m.valid_to is null or m.valid_to >= :on)
  where g.code = any(:codes)
order by 1, 2""")


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


async def must_be_known(session: AsyncSession, code: str) -> None:
    """UnknownCode if the register has no such agency."""
    if await session.get(Agency, code) is None:
        raise UnknownCode(f"The register has no {code}.", unknown=[code])


async def groups_of(session: AsyncSession, code: str) -> list[str]:
    found = select(Membership.group).where(Membership.agency == code).order_by(Membership.group)
    return list((await session.scalars(found)).all())


async def group(session: AsyncSession, code: str, on: date) -> dict[str, Any]:
    """The group and its members on a day."""
    found = await session.get(Group, code)
    if found is None:
        raise GroupNotFound(f"There is no group {code}.")
    members = (await _known(session, {code}, on))[code]
    return {
        "code": found.code,
        "name": found.name,
        "open": found.open,
        "phrases": found.phrases,
        "members": members,
    }


async def expand(session: AsyncSession, codes: Iterable[str], on: date) -> dict[str, list[str]]:
    """For each code its agencies on that day, by code: itself, or the members of the group.

    UnknownCode names what the register does not have, GroupEmpty the groups that give nobody,
    AgencyNotInForce who does not exist on that day.
    """
    wanted = set(codes)
    result = await _known(session, wanted, on)
    if unknown := sorted(wanted - set(result)):
        raise UnknownCode(f"The register has no {', '.join(unknown)}.", unknown=unknown)
    await _must_be_somebody(session, result, on)
    return result


async def must_be_somebody(session: AsyncSession, codes: Iterable[str], on: date) -> None:
    """As ``expand`` would, of the codes that the register has."""
    await _must_be_somebody(session, await _known(session, set(codes), on), on)


async def _must_be_somebody(session: AsyncSession, known: dict[str, list[str]], on: date) -> None:
    if empty := sorted(code for code, members in known.items() if not members):
        raise GroupEmpty(f"Nobody belongs to {', '.join(empty)} on {on}.", groups=empty)
    await must_be_in_force(session, known, on)


async def _known(session: AsyncSession, codes: set[str], on: date) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for row in await session.execute(EXPAND, {"codes": list(codes), "on": on}):
        members = result.setdefault(row.code, [])
        if row.agency is not None:
            members.append(row.agency)
    return result


async def must_be_in_force(session: AsyncSession, codes: Iterable[str], on: date) -> None:
    """AgencyNotInForce names those of the agencies that do not exist on that day."""
    others = await session.scalars(
        select(Agency)
        .where(among(Agency.code, codes), or_(Agency.valid_to < on, Agency.valid_from > on))
        .order_by(Agency.code)
    )
    if found := list(others):
        names = ", ".join(one.code for one in found)
        raise AgencyNotInForce(
            f"On {on} these do not exist: {names}; name who does their work then.",
            agencies=[one.code for one in found],
            successors=sorted({code for one in found for code in one.successors}),
        )


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
