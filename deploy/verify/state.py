"""I5, I6 and I9: what the databases hold, compared with each other and with their own sums."""

from collections import Counter, defaultdict

from deploy.verify.hears import SERVICES
from deploy.verify.results import Kind, Result
from deploy.verify.sources import Sources

_TASKS = (
    "select id::text, agency, role, due_on::text, deadline_version::text,"
    " (state = 'cancelled')::text, case role when 'lead' then completed_on::text end"
    " from tasks order by 1"
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
        result.differ(Kind.LOST, f"{service} task", tasks, rows, "is missing")
        result.differ(Kind.WRONG, f"{service} task", rows, tasks, "is nobody's")
        for task, row in rows.items():
            if task in tasks and row != tasks[task][: len(row)]:
                result.broken(Kind.WRONG, f"{service} task {task}: {row} is not {tasks[task]}")
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
                words = f"line {row['id']}: {total} {row[total]} is not {counted[total]}"
                result.broken(Kind.WRONG, words)
        free = row["assigned"] + row["adjusted"] - row["committed"] - row["disbursed"]
        if free < 0:
            result.broken(Kind.WRONG, f"line {row['id']}: overdrawn by {-free} đồng")
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
            result.broken(Kind.WRONG, f"{service}: outbox row {row['id']} ({row['type']}) waits")
        for low, high in zip(cursor["gap_lo"], cursor["gap_hi"], strict=True):
            result.broken(Kind.WRONG, f"{service}: ids {low} to {high} are waited for")
    result.counted = f"{len(SERVICES)} outboxes"
    return result
