"""The invariants I1-I6 and I9, each from databases and topics alone."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.verify.sources import Sources

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
SERVICES = ("assignment", "reporting", "notification", "budget")
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


@dataclass
class Result:
    """What an invariant's check counted, and every violation in words."""

    name: str
    says: str
    counted: str = ""
    violations: list[str] = field(default_factory=list)

    def differ(self, what: str, left: Iterable[str], right: Iterable[str], words: str) -> None:
        """Note what stands on one side only."""
        for one in sorted(set(left) - set(right)):
            self.violations.append(f"{what} {one}: {words}")


async def i1(sources: Sources) -> Result:
    result = Result("I1", "no row without its event, no event without its row")
    rows = 0
    for service in SERVICES:
        outbox = await sources.column(service, "select event_id from outbox")
        sent = [one.id for one in sources.messages if one.source == f"/dondoc/{service}"]
        rows += len(outbox)
        result.differ(f"{service} outbox", outbox, sent, "is not on its topic")
        result.differ(f"{service} message", sent, outbox, "was never recorded")
    for service, sql, types, field_ in ROWS_AND_EVENTS:
        ids = await sources.column(service, sql)
        told = [str(one.body.get(field_)) for one in sources.of_type(*types)]
        rows += len(ids)
        result.differ(types[0], ids, told, "has a row and no event")
        result.differ(types[0], told, ids, "has an event and no row")
    result.counted = f"{rows} rows, {len(sources.messages)} messages"
    return result


async def i2(sources: Sources) -> Result:
    """Each consumer disposed of each event it hears once; what it set aside is settled."""
    result = Result("I2", "each event's effect exactly once per consumer")
    by_id = {one.id: one for one in sources.first_copies}
    total = 0
    for service in SERVICES:
        inbox = await sources.column(service, "select event_id from inbox")
        total += len(inbox)
        heard = {by_id[id].type for id in inbox if id in by_id}
        due = [one.id for one in sources.first_copies if one.type in heard]
        result.differ(f"{service} event", due, inbox, "was not disposed of")
        result.differ(f"{service} inbox", inbox, by_id, "is on no topic")
        for state, count in await sources.rows(
            service,
            "select state, count(*) from dead_letters where state in ('dead', 'parked') group by 1",
        ):
            result.violations.append(f"{service}: {count} events {state}")
    await _effects(sources, result)
    result.counted = f"{total} dispositions"
    return result


async def _effects(sources: Sources, result: Result) -> None:
    """Rows that handlers made, counted against the events that they were made of."""
    assigned = sources.of_type("assignment.task_assigned.v1")
    leads = [one for one in assigned if one.body["role"] == "lead"]
    checks = (
        ("reporting", "select task_id from task_facts", assigned),
        ("reporting", "select task_id from obligations where kind = 'completion'", leads),
        ("notification", "select task_id from task_facts", assigned),
        (
            "notification",
            "select task_id from notices where milestone = 'task_assigned' and channel = 'in_app'",
            assigned,
        ),
    )
    for service, sql, events in checks:
        rows = Counter(await sources.column(service, sql))
        told = Counter(str(one.body["task_id"]) for one in events)
        for task in rows.keys() | told.keys():
            if rows[task] != told[task]:
                result.violations.append(
                    f"{service}: task {task} has {rows[task]} effects of {told[task]} events"
                )


async def i3(sources: Sources) -> Result:
    result = Result("I3", "order per key as committed, first copies")
    last: dict[tuple[str, bytes | None], int] = {}
    places: dict[tuple[str, bytes | None], set[int]] = defaultdict(set)
    for message in sources.first_copies:
        key = (message.topic, message.key)
        places[key].add(message.partition)
        if message.sequence <= last.get(key, 0):
            result.violations.append(
                f"{message.topic} {message.key!r}: {message.sequence} after {last[key]}"
            )
        last[key] = max(message.sequence, last.get(key, 0))
    for (topic, name), partitions in places.items():
        if len(partitions) > 1:
            result.violations.append(f"{topic} {name!r} is in several partitions")
    result.counted = f"{len(last)} keys"
    return result


async def i4(sources: Sources) -> Result:
    """Recomputed from deadline versions and reports, apart from what the sweep wrote."""
    result = Result("I4", "each missed deadline told exactly once, none that was met")
    told = Counter(
        (str(one.body["task_id"]), int(one.body["deadline_version"]))
        for one in sources.of_type("assignment.deadline_missed.v1")
    )
    for (task, version), count in told.items():
        if count > 1:
            result.violations.append(f"task {task} version {version}: missed {count} times")
    met = await _met(sources)
    expected, possible = await _missed(sources, met)
    result.differ("task", _words(expected), _words(told), "was missed and nobody was told")
    result.differ("task", _words(told), _words(possible), "was told as missed, but was not")
    result.counted = f"{len(told)} missed"
    return result


def _words(pairs: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{task} version {version}" for task, version in pairs]


async def _met(sources: Sources) -> dict[str, date]:
    """The day of the final report that stands (submitted or accepted, not sent back)."""
    found = await sources.rows(
        "reporting",
        "select o.task_id, min(r.submitted_on) from reports r"
        " join obligations o on o.id = r.obligation_id"
        " where o.kind = 'completion' and r.state in ('submitted', 'accepted') group by 1",
    )
    return {str(row[0]): row[1] for row in found}


async def _missed(
    sources: Sources, met: dict[str, date]
) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """Versions that must have been told as missed, and those that may have been."""
    must: set[tuple[str, int]] = set()
    may: set[tuple[str, int]] = set()
    rows = await sources.rows(
        "assignment",
        "select d.task_id, d.version, d.due_on, t.state,"
        " lead(d.set_at) over (partition by d.task_id order by d.version) as replaced_at"
        " from deadlines d join tasks t on t.id = d.task_id"
        " where t.role = 'lead' and d.due_on is not null",
    )
    cancelled = await _cancelled(sources)
    for row in rows:
        task, ended = str(row["task_id"]), _end(row["due_on"])
        report = met.get(task)
        in_time = report is not None and report <= row["due_on"]
        replaced = row["replaced_at"] is not None and row["replaced_at"] <= ended
        withdrawn = task in cancelled and cancelled[task] <= ended
        if in_time or replaced or withdrawn or ended > sources.swept:
            continue
        may.add((task, row["version"]))
        soon = ended + timedelta(days=10)
        overtaken = row["replaced_at"] is not None and row["replaced_at"] <= soon
        withdrawn = task in cancelled and cancelled[task] <= soon
        late = _reported_soon(report, row["due_on"])
        if not (overtaken or withdrawn or late) and soon <= sources.swept:
            must.add((task, row["version"]))
    return must, may


def _reported_soon(report: date | None, due_on: date) -> bool:
    """Late by a few days only: the sweep's grace may have let the report come first."""
    return report is not None and report <= due_on + timedelta(days=10)


async def _cancelled(sources: Sources) -> dict[str, datetime]:
    found = await sources.rows(
        "assignment", "select task_id, at from task_changes where what = 'task_cancelled'"
    )
    return {str(row[0]): row[1] for row in found}


def _end(day: date) -> datetime:
    midnight = datetime.min.time()
    return datetime.combine(day + timedelta(days=1), midnight, VIET_NAM)


_TASKS = (
    "select id::text, agency, role, due_on::text, deadline_version::text,"
    " (state = 'cancelled')::text, completed_on::text from tasks order by 1"
)
_REPORTING = (
    "select task_id::text, agency, role, due_on::text, deadline_version::text, cancelled::text,"
    " completed_on::text from task_facts order by 1"
)
_NOTIFICATION = (
    "select task_id::text, agency, role, due_on::text, deadline_version::text"
    " from task_facts order by 1"
)


async def i5(sources: Sources) -> Result:
    result = Result("I5", "read models equal their source, row by row")
    tasks = {row[0]: tuple(row) for row in await sources.rows("assignment", _TASKS)}
    compared = 0
    for service, sql in (("reporting", _REPORTING), ("notification", _NOTIFICATION)):
        rows = {row[0]: tuple(row) for row in await sources.rows(service, sql)}
        compared += len(rows)
        result.differ(f"{service} task", tasks, rows, "is missing")
        result.differ(f"{service} task", rows, tasks, "is nobody's")
        for task, row in rows.items():
            if task in tasks and row != tasks[task][: len(row)]:
                result.violations.append(f"{service} task {task}: {row} is not {tasks[task]}")
    result.counted = f"{compared} rows"
    return result


_SIGNS: dict[str, dict[str, int]] = {
    "proposed": {"estimated": 1},
    "approved": {"approved": 1},
    "assigned": {"assigned": 1},
    "adjusted": {"adjusted": 1},
    "committed": {"committed": 1},
    "released": {"committed": -1},
    "disbursed": {"committed": -1, "disbursed": 1},
}
_TOTALS = ("estimated", "approved", "assigned", "adjusted", "committed", "disbursed")


async def i6(sources: Sources) -> Result:
    result = Result("I6", "budget totals equal the sum of movements, never overdrawn")
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    movements = await sources.rows("budget", "select line_id::text, kind, amount from movements")
    for line, kind, amount in movements:
        for total, sign in _SIGNS[kind].items():
            sums[line][total] += sign * amount
    for row in await sources.rows("budget", f"select id::text, {', '.join(_TOTALS)} from lines"):
        counted = sums[row["id"]]
        for total in _TOTALS:
            if row[total] != counted[total]:
                result.violations.append(
                    f"line {row['id']}: {total} {row[total]} is not {counted[total]}"
                )
        free = row["assigned"] + row["adjusted"] - row["committed"] - row["disbursed"]
        if free < 0:
            result.violations.append(f"line {row['id']}: overdrawn by {-free} đồng")
    result.counted = f"{len(movements)} movements"
    return result


async def i9(sources: Sources) -> Result:
    result = Result("I9", "nothing waits: every outbox has been sent")
    for service in SERVICES:
        (cursor,) = await sources.rows(service, "select top, gap_lo, gap_hi from outbox_cursor")
        waiting = await sources.rows(
            service, f"select id, type from outbox where id > {cursor['top']} order by id limit 1"
        )
        for row in waiting:
            result.violations.append(f"{service}: outbox row {row['id']} ({row['type']}) waits")
        for low, high in zip(cursor["gap_lo"], cursor["gap_hi"], strict=True):
            result.violations.append(f"{service}: ids {low} to {high} are waited for")
    result.counted = f"{len(SERVICES)} outboxes"
    return result


CHECKS: tuple[Callable[[Sources], Awaitable[Result]], ...] = (i1, i2, i3, i4, i5, i6, i9)


async def verify(sources: Sources) -> list[Result]:
    return [await check(sources) for check in CHECKS]
