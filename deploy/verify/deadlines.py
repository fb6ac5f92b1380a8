"""I4: deadlines, recomputed from their versions and the reports."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.verify.results import Kind, Result
from deploy.verify.sources import Sources

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


async def i4(sources: Sources) -> Result:
    """Recomputed from deadline versions and reports, apart from what the sweep wrote."""
    result = Result("I4", "each missed deadline told exactly once, none that was met")
    told = Counter(
        (str(one.body["task_id"]), int(one.body["deadline_version"]))
        for one in sources.of_type("assignment.deadline_missed.v1")
    )
    result.repeated("task", _words(told.elements()), "told as missed")
    met = await _met(sources)
    expected, possible = await _missed(sources, met)
    result.differ(
        Kind.LOST, "task", _words(expected), _words(told), "was missed and nobody was told"
    )
    result.differ(
        Kind.WRONG, "task", _words(told), _words(possible), "was told as missed, but was not"
    )
    result.counted = f"{len(told)} missed of {len(possible)} that may, {len(expected)} must"
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
        if not (overtaken or withdrawn or late):
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
