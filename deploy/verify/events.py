"""I1 and I3: what was recorded is on its topic, and in order."""

from collections import defaultdict

from deploy.verify.hears import SERVICES
from deploy.verify.results import Kind, Result
from deploy.verify.sources import Sources

MOVEMENTS = (
    "budget.estimate_proposed.v1",
    "budget.estimate_approved.v1",
    "budget.estimate_assigned.v1",
    "budget.estimate_adjusted.v1",
    "budget.funds_committed.v1",
    "budget.funds_released.v1",
    "budget.funds_disbursed.v1",
)
ROWS_AND_EVENTS = (
    ("assignment", "select id from tasks", ("assignment.task_assigned.v1",), "task_id"),
    (
        "assignment",
        "select id from directives where state = 'issued'",
        ("assignment.directive_issued.v1",),
        "directive_id",
    ),
    (
        "reporting",
        "select id from obligations",
        ("reporting.obligation_opened.v1",),
        "obligation_id",
    ),
    ("reporting", "select id from reports", ("reporting.report_submitted.v1",), "report_id"),
    (
        "reporting",
        "select id from reports where state = 'accepted'",
        ("reporting.report_accepted.v1",),
        "report_id",
    ),
    (
        "notification",
        "select id from notices where state = 'delivered'",
        ("notification.notice_delivered.v1",),
        "notice_id",
    ),
    ("budget", "select id from lines", ("budget.line_opened.v1",), "line_id"),
    ("budget", "select id from movements", MOVEMENTS, "movement_id"),
)
"""Rows that must have an event, and events that must have a row."""
SAID_AGAIN = {"budget.line_opened.v1"}
"""Told once more when a line is corrected."""


async def i1(sources: Sources) -> Result:
    result = Result("I1", "no row without its event, no event without its row")
    rows = 0
    for service in SERVICES:
        outbox = await sources.column(service, "select event_id || ' ' || type from outbox")
        source = f"/dondoc/{service}"
        sent = [f"{one.id} {one.type}" for one in sources.messages if one.source == source]
        rows += len(outbox)
        result.differ(Kind.LOST, f"{service} outbox", outbox, sent, "is not on its topic")
        result.differ(Kind.WRONG, f"{service} message", sent, outbox, "was never recorded")
        result.repeated(f"{service} outbox", outbox, "recorded")
    for service, sql, types, field_ in ROWS_AND_EVENTS:
        ids = await sources.column(service, sql)
        told = [str(one.body.get(field_)) for one in sources.of_type(*types)]
        rows += len(ids)
        result.differ(Kind.LOST, types[0], ids, told, "has a row and no event")
        result.differ(Kind.LOST, types[0], told, ids, "has an event and no row")
        if types[0] not in SAID_AGAIN:
            result.repeated(types[0], told, "told")
    result.counted = f"{rows} rows, {len(sources.messages)} messages"
    return result


async def i3(sources: Sources) -> Result:
    result = Result("I3", "order per key as committed, first copies")
    last: dict[tuple[str, bytes | None], int] = {}
    places: dict[tuple[str, bytes | None], set[int]] = defaultdict(set)
    for message in sources.events:
        key = (message.topic, message.key)
        places[key].add(message.partition)
        if message.sequence <= last.get(key, 0):
            words = f"{message.topic} {message.key!r}: {message.sequence} after {last[key]}"
            result.broken(Kind.REORDERED, words)
        last[key] = max(message.sequence, last.get(key, 0))
    for (topic, name), partitions in places.items():
        if len(partitions) > 1:
            result.broken(Kind.REORDERED, f"{topic} {name!r} is in several partitions")
    repeats = len(sources.messages) - len(sources.first_copies)
    result.counted = f"{len(last)} keys, {repeats} repeats"
    return result
