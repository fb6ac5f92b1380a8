"""When budget speaks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.models.notices import (
    LineFacts,
)
from services.notification.telling import Telling, tell
from shared.database import among
from shared.events import budget
from shared.handlers import Handlers, envelope, not_yet


def about_budget(handlers: Handlers, office: str) -> None:
    @handlers.on(budget.LineOpened)
    async def learn_lines(events: Sequence[budget.LineOpened], session: AsyncSession) -> None:
        new = upsert(LineFacts)
        told = {"fiscal_year": new.excluded.fiscal_year, "purpose": new.excluded.purpose}
        await session.execute(
            new.on_conflict_do_update(index_elements=[LineFacts.line_id], set_=told),
            [
                {"line_id": one.line_id, "fiscal_year": one.fiscal_year, "purpose": one.purpose}
                for one in events
            ],
        )

    @handlers.on(budget.EstimateAssigned)
    async def tell_of_estimates(
        events: Sequence[budget.EstimateAssigned], session: AsyncSession
    ) -> None:
        await tell(session, await _of_lines(session, events, "estimate_assigned", ("amount",)))

    @handlers.on(budget.EstimateAdjusted)
    async def tell_of_adjustments(
        events: Sequence[budget.EstimateAdjusted], session: AsyncSession
    ) -> None:
        await tell(session, await _of_lines(session, events, "estimate_adjusted", ("amount",)))

    @handlers.on(budget.OverspendRefused)
    async def tell_of_overspending(
        events: Sequence[budget.OverspendRefused], session: AsyncSession
    ) -> None:
        told = await _of_lines(session, events, "overspend_refused", ("requested",))
        upwards = [replace(one, recipient=office) for one in told if one.recipient != office]
        await tell(session, [*told, *upwards])


async def _of_lines(
    session: AsyncSession, events: Sequence[Any], milestone: str, fields: tuple[str, ...]
) -> list[Telling]:
    """One for the agency of each event, with what its line is for and what is left on it."""
    found = await session.scalars(
        select(LineFacts).where(among(LineFacts.line_id, (event.line_id for event in events)))
    )
    lines = {line.line_id: line for line in found}
    tellings = []
    for event in events:
        if (line := lines.get(event.line_id)) is None:
            not_yet(session, event, f"the line {event.line_id} is not known yet")
            continue
        more = {field: getattr(event, field) for field in (*fields, "available")}
        tellings.append(
            Telling(
                about=f"{event.line_id}/{envelope(session, event).id}",
                recipient=event.agency,
                milestone=milestone,
                context={"fiscal_year": line.fiscal_year, "purpose": line.purpose, **more},
                at=envelope(session, event).time,
                cause=event,
                names={"agency_name": event.agency},
            )
        )
    return tellings
