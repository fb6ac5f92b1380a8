"""What people do with directives. Each command is one transaction, opened by its caller."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.commands.directive_inputs import CreateDirective, CreateItem, OnDate
from services.assignment.models.directives import (
    DeadlineBeforeLetter,
    Directive,
    DirectiveNotFound,
    DirectiveState,
    Item,
    ItemIdTaken,
    NothingToIssue,
    NumberTaken,
)
from services.assignment.models.tasks import Deadline, Task, TaskState
from services.assignment.queries.agencies import calendar as load_calendar
from services.assignment.queries.agencies import expand, must_be_known, must_be_somebody
from services.assignment.queries.directives import items as items_of
from shared.calendar import Calendar
from shared.database import insert_rows, violated
from shared.events.assignment import TaskAssigned
from shared.http import DifferentContent, fingerprint
from shared.ids import uuid7
from shared.outbox import publish
from shared.types import Recurrence, Role


async def create_directive(
    session: AsyncSession, directive_id: UUID, command: CreateDirective
) -> tuple[Directive, bool]:
    """The draft, and whether it is new. The same body again changes nothing."""
    told = fingerprint(command)
    known = await session.get(Directive, directive_id)
    if known is not None:
        if known.fingerprint != told:
            raise DifferentContent("Another directive was created with this id.")
        return known, False
    _deadlines_must_follow(command)
    await must_be_known(session, command.issuer)
    await _number_must_be_free(session, command)
    await must_be_somebody(session, _codes(command.items), command.issued_on)
    header = command.model_dump(exclude={"items"})
    directive = Directive(
        id=directive_id,
        year=command.issued_on.year,
        state=DirectiveState.DRAFT,
        fingerprint=told,
        issued_at=None,
        **header,
    )
    session.add(directive)
    await _flush(session, command)
    for place, item in enumerate(command.items):
        rule = item.deadline.model_dump(mode="json") if item.deadline else None
        fields = item.model_dump(exclude={"deadline"})
        session.add(Item(directive_id=directive_id, place=place, deadline=rule, **fields))
    await _flush(session, command)
    return directive, True


async def _flush(session: AsyncSession, command: CreateDirective) -> None:
    """A number or an id that another took, perhaps just now, is a refusal."""
    try:
        await session.flush()
    except IntegrityError as error:
        match violated(error):
            case "pk_items":
                raise ItemIdTaken() from error
            case "uq_directives_issuer_year_number_symbol":
                raise NumberTaken(_exists(command)) from error
        raise


def _deadlines_must_follow(command: CreateDirective) -> None:
    """A term begins with the letter; a fixed date before it is a slip, of the year as a rule."""
    early = [
        f"{item.path or item.text[:40]} ({item.deadline.on})"
        for item in command.items
        if isinstance(item.deadline, OnDate) and item.deadline.on < command.issued_on
    ]
    if early:
        raise DeadlineBeforeLetter(
            f"The letter is of {command.issued_on}; correct what is due before: "
            f"{'; '.join(early[:20])}.",
            issued_on=command.issued_on,
            items=early,
        )


async def _number_must_be_free(session: AsyncSession, command: CreateDirective) -> None:
    taken = select(Directive.id).where(
        Directive.issuer == command.issuer,
        Directive.year == command.issued_on.year,
        Directive.number_symbol == command.number_symbol,
    )
    if (other := await session.scalar(taken)) is not None:
        raise NumberTaken(_exists(command), directive_id=other)


def _exists(command: CreateDirective) -> str:
    return f"{command.number_symbol} of {command.issued_on.year} exists."


async def issue_directive(
    session: AsyncSession, directive_id: UUID, *, by: str, now: datetime
) -> Directive:
    """Expand groups on the directive's date and give each agency its tasks, all or none."""
    directive = await session.get(Directive, directive_id, with_for_update=True)
    if directive is None:
        raise DirectiveNotFound()
    items = list(await items_of(session, directive_id))
    issued = directive.issue(items, now)
    members = await expand(session, _codes(items), directive.issued_on)
    calendar = await load_calendar(session)
    rows: list[dict[str, Any]] = []
    events: list[TaskAssigned] = []
    for item in items:
        due_on = due_date(item.deadline, directive.issued_on, calendar)
        for role, agencies in _by_role(item, members, directive.issuer):
            row, event = _pattern(directive, item, role, due_on, now)
            for agency in agencies:
                id = uuid7()
                rows.append({**row, "id": id, "agency": agency})
                events.append(event.model_copy(update={"task_id": id, "agency": agency}))
    if not rows:
        raise NothingToIssue()
    await _insert(session, rows, items, by=by, now=now)
    publish(session, issued, *events)
    return directive


def _codes(items: Iterable[CreateItem | Item]) -> set[str]:
    return {code for item in items for code in (*item.lead, *item.coordinate)}


def _by_role(
    item: Item, members: dict[str, list[str]], issuer: str
) -> Iterator[tuple[Role, list[str]]]:
    """One task per agency: lead once even if named twice; who leads does not also coordinate."""
    leads = _agencies(item.lead, members) - {issuer}
    others = _agencies(item.coordinate, members) - leads - {issuer}
    yield Role.LEAD, sorted(leads)
    yield Role.COORDINATE, sorted(others)


def _pattern(
    directive: Directive, item: Item, role: Role, due_on: date | None, now: datetime
) -> tuple[dict[str, Any], TaskAssigned]:
    """The row and the event of the item's tasks in this role, which differ in id and agency only.

    An entity and a validated event for each of 3,321 tasks would take longer than all the rest.
    """
    task = Task(
        id=item.id,
        directive_id=directive.id,
        item_id=item.id,
        agency=directive.issuer,
        role=role.value,
        state=TaskState.ASSIGNED.value,
        assigned_on=directive.issued_on,
        due_on=due_on,
        original_due_on=due_on,
        deadline_version=0,
        missed_version=-1,
        version=1,
    )
    task.arm(now)
    columns = Task.__mapper__.column_attrs.keys()
    return {name: getattr(task, name) for name in columns}, _assigned(directive, item, task)


def due_date(rule: dict[str, Any] | None, issued_on: date, calendar: Calendar) -> date | None:
    """The date a rule gives; None where the letter sets none."""
    match rule:
        case None:
            return None
        case {"kind": "date", "on": on}:
            return date.fromisoformat(on)
        case {"kind": "working_days", "days": days}:
            return calendar.add_working_days(issued_on, days)
        case {"kind": "days", "days": days}:
            return calendar.end_of_term(issued_on, days)
        case {"kind": "months", "months": months}:
            return calendar.end_of_months(issued_on, months)
    raise ValueError(f"no such rule: {rule}")


def _agencies(codes: list[str], members: dict[str, list[str]]) -> set[str]:
    return {agency for code in codes for agency in members[code]}


async def _insert(
    session: AsyncSession,
    tasks: list[dict[str, Any]],
    items: list[Item],
    *,
    by: str,
    now: datetime,
) -> None:
    """Thousands of rows in two statements."""
    rules = {item.id: item.deadline or {"kind": "none"} for item in items}
    await insert_rows(session, Task, tasks)
    await insert_rows(
        session,
        Deadline,
        (
            {
                "task_id": task["id"],
                "version": 0,
                "due_on": task["due_on"],
                "rule": rules[task["item_id"]],
                "set_by": by,
                "set_at": now,
                "reason": None,
            }
            for task in tasks
        ),
    )


def _assigned(directive: Directive, item: Item, task: Task) -> TaskAssigned:
    return TaskAssigned(
        task_id=task.id,
        directive_id=directive.id,
        agency=task.agency,
        role=Role(task.role),
        number_symbol=directive.number_symbol,
        issuer=directive.issuer,
        item_id=item.id,
        item_path=item.path,
        summary=item.summary,
        assigned_on=task.assigned_on,
        due_on=task.due_on,
        deadline_version=task.deadline_version,
        recurrence=Recurrence(item.recurrence) if item.recurrence else None,
        report_to=tuple(item.report_to),
        money_aspect=item.money_aspect,
    )
