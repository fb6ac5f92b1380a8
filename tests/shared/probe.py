"""A service with one table and no rules, in which lost, doubled and swapped effects show."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import structlog
from fastapi import FastAPI
from sqlalchemy import BigInteger, Identity, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

import shared
from shared.auth import UserRole
from shared.database import NAMING
from shared.errors import NotYet
from shared.events import assignment, reporting
from shared.handlers import Handlers, refuse
from shared.http import Command, Router, Session, allow
from shared.outbox import publish
from shared.service import create_service
from shared.settings import Settings
from shared.types import Id, Role

log = structlog.get_logger()

NAME = "probe"
HOLD = 16
"""The lock for which the handler waits where an event ends with "held"."""
SERIALIZATION_FAILURE = "do $$ begin raise exception 'again' using errcode = '40001'; end $$"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Effect(Base):
    """One line for each time an event took effect, in the order in which it did."""

    __tablename__ = "effects"

    place: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    key: Mapped[UUID]
    what: Mapped[str]


class Root(Base):
    """The row that stands for a key on the publishing side."""

    __tablename__ = "roots"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]


mended: set[str] = set()
"""Poison that an operator has found the cure for."""

handlers = Handlers()
router = Router(prefix="/probe")


def returned(key: UUID, what: str) -> assignment.TaskReturned:
    """The event the probe hears: ``what`` may be poison, refuse, early, flaky or any text."""
    return assignment.TaskReturned(
        task_id=key, directive_id=UUID(int=1), agency="HN-SCT", role=Role.LEAD, reason=what
    )


@handlers.on(assignment.TaskReturned)
async def record_effects(events: Sequence[assignment.TaskReturned], session: AsyncSession) -> None:
    for event in events:
        what = event.reason.partition(" ")[0]
        if event.reason in mended:
            what = "mended"
        match what:
            case "poison":
                raise ValueError(event.reason)
            case "refuse":
                refuse(session, event, event.reason)
                continue
            case "early":
                raise NotYet(event.reason)
            case "transient":
                await session.execute(text(SERIALIZATION_FAILURE))
        match event.reason.rpartition(" ")[2]:
            case "slow":
                await session.execute(text("select pg_sleep(2)"))
            case "slower":
                await session.execute(text("select pg_sleep(12)"))
            case "held":
                await session.execute(text(f"select pg_advisory_xact_lock({HOLD})"))
            case "logged":
                log.info("effect_recorded", key=str(event.task_id))
        session.add(Effect(key=event.task_id, what=event.reason))
        publish(session, missed(event.task_id), cause=event)


@handlers.on(assignment.TaskStarted)
async def record_starts(events: Sequence[assignment.TaskStarted], session: AsyncSession) -> None:
    session.add_all(Effect(key=event.task_id, what="started") for event in events)


def missed(key: UUID) -> reporting.ReportMissed:
    return reporting.ReportMissed(
        task_id=key,
        directive_id=UUID(int=1),
        agency="HN-SCT",
        role=Role.LEAD,
        obligation_id=key,
        kind=reporting.ObligationKind.COMPLETION,
        due_on=date(2016, 12, 15),
    )


class Say(Command):
    key: Id
    what: str = "said"


@router.post("/say", dependencies=[allow(UserRole.COORDINATOR)])
async def say(session: Session, command: Say) -> dict[str, int]:
    """Take the key's lock, count, and publish what was counted."""
    counted = await session.execute(
        text(
            "insert into roots values (:key, 1)"
            " on conflict (id) do update set number = roots.number + 1 returning number"
        ),
        {"key": command.key},
    )
    number = counted.scalar_one()
    publish(session, returned(command.key, f"{number} {command.what}"))
    return {"number": number}


def create_app(settings: Settings | None = None) -> FastAPI:
    """``PROBE_NAME`` gives a test's processes a consumer group of their own."""
    name = os.environ.get("PROBE_NAME", NAME)
    return create_service(name, settings or Settings(), routers=[router], handlers=handlers)


async def create_tables(engine: AsyncEngine) -> None:
    """The plumbing's tables as migrations make them, and the probe's own."""
    script = (Path(shared.__file__).parent / "sql" / "messaging_0001.sql").read_text()
    async with engine.begin() as connection:
        await connection.exec_driver_sql("drop schema public cascade")
        await connection.exec_driver_sql("create schema public")
        for statement in script.split(";\n"):
            if statement.strip():
                await connection.exec_driver_sql(statement)
        await connection.run_sync(Base.metadata.create_all)


if __name__ == "__main__":
    from shared.service import serve

    serve(NAME, create_app)
