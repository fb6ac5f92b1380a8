"""I2: each consumer disposed of each event once, and each effect is there as often as its event.

A record that no service recorded (unreadable, forged) must have been set aside by all who read
it, and given up by an operator with a reason.
"""

from deploy.verify.hears import SERVICES, hears
from deploy.verify.results import Kind, Result
from deploy.verify.sources import Message, Sources

COMPACTED = "assignment.agencies"


async def i2(sources: Sources) -> Result:
    result = Result("I2", "each event's effect exactly once per consumer")
    dispositions = discarded = 0
    for service in SERVICES:
        inbox = await sources.column(service, "select event_id from inbox")
        heard = [one for one in sources.first_copies if _hears(service, one)]
        ids = [one.id for one in heard]
        result.differ(Kind.LOST, f"{service} event", ids, inbox, "was not disposed of")
        result.differ(Kind.WRONG, f"{service} inbox", inbox, ids, "is on no topic it hears")
        discarded += await _set_aside(sources, service, heard, result)
        dispositions += len(inbox)
    await _effects(sources, result)
    result.counted = f"{dispositions} dispositions, {discarded} of them discarded"
    return result


def _hears(service: str, message: Message) -> bool:
    if message.tombstone and message.topic == COMPACTED:
        return False
    return hears(service, message.topic, message.type)


async def _set_aside(sources: Sources, service: str, heard: list[Message], result: Result) -> int:
    """How many dead letters were given up; what waits, and what slipped through, is broken."""
    letters = await sources.rows(
        service,
        "select event_id::text as id, state, reason, topic, key from dead_letters order by id",
    )
    states = {row["id"]: row["state"] for row in letters}
    for row in letters:
        if row["state"] in ("dead", "parked"):
            result.broken(Kind.LOST, f"{service}: event {row['id']} is {row['state']}")
        if row["state"] == "discarded" and not row["reason"]:
            result.broken(Kind.LOST, f"{service}: event {row['id']} was discarded without a reason")
    for one in heard:
        if one.id not in sources.recorded and states.get(one.id) != "discarded":
            words = f"{service}: {one.id} was recorded by nobody and is not discarded"
            result.broken(Kind.WRONG, words)
    blocked = await sources.column(service, "select topic from blocked_keys")
    waiting = {(row["topic"], row["key"]) for row in letters if row["state"] in ("dead", "parked")}
    if len(blocked) > len(waiting):
        result.broken(Kind.WRONG, f"{service}: a key is blocked, and nothing of it waits")
    return sum(state == "discarded" for state in states.values())


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
        rows = await sources.column(service, sql)
        result.compare(f"{service}: task", rows, (str(one.body["task_id"]) for one in events))
    await _completions(sources, result)
    await _money(sources, leads, result)
    await _notices(sources, result)


async def _completions(sources: Sources, result: Result) -> None:
    """A task is done exactly when its final report was accepted, and tells it once.

    A supporting one when no lead of its item owes a report and one was accepted, the last that day.
    """
    accepted = [
        one.body for one in sources.of_type("reporting.report_accepted.v1") if one.body["final"]
    ]
    days = {str(one["task_id"]): str(one["submitted_on"]) for one in accepted}
    rows = await sources.rows(
        "assignment",
        "select id::text, item_id::text as item, role, state, completed_on::text as day from tasks",
    )
    owing, last = set[str](), dict[str, str]()
    for row in rows:
        if row["role"] == "lead" and row["state"] != "cancelled":
            if row["id"] not in days:
                owing.add(row["item"])
            last[row["item"]] = max(last.get(row["item"], ""), days.get(row["id"], ""))
    for row in rows:
        supported = None if row["item"] in owing else last.get(row["item"])
        due = days.get(row["id"]) if row["role"] == "lead" else supported
        due = None if row["state"] == "cancelled" else due
        if row["day"] != due:
            words = f"task {row['id']}: completed on {row['day']}, its report is of {due}"
            result.broken(Kind.LOST if row["day"] is None else Kind.WRONG, words)
    done = [row["id"] for row in rows if row["state"] == "completed"]
    told = sources.of_type("assignment.task_completed.v1")
    result.compare("completion of task", (str(one.body["task_id"]) for one in told), done)


async def _money(sources: Sources, leads: list[Message], result: Result) -> None:
    """Each lead whose item costs money has a line, its own or one with the same key; no other has.

    A line's own event is no proof of its task: after a restore it is sent again. What people open
    (with a fingerprint) is for whatever task they say.
    """
    rows = await sources.rows(
        "budget", "select task_id::text, agency, item_id::text, fingerprint from lines"
    )
    tasks = {row["task_id"] for row in rows}
    twins = {(row["agency"], row["item_id"]) for row in rows}
    for body in (one.body for one in leads if one.body.get("money_aspect")):
        if body["task_id"] not in tasks and (body["agency"], body["item_id"]) not in twins:
            result.broken(Kind.LOST, f"budget: task {body['task_id']} has no line")
    ours = {row["task_id"] for row in rows if row["task_id"] and row["fingerprint"] is None}
    for task in sorted(ours - {one.body["task_id"] for one in leads}):
        result.broken(Kind.WRONG, f"budget: task {task} has a line, and nobody assigned it")


async def _notices(sources: Sources, result: Result) -> None:
    """Nobody is told the same thing twice, and each accepted report is told of."""
    rows = await sources.rows(
        "notification",
        "select about, recipient, milestone, deadline_version as version, task_id::text as task"
        " from notices where channel = 'in_app'",
    )
    told = (
        f"{row['milestone']} {row['about']} {row['version']} {row['recipient']}" for row in rows
    )
    result.repeated("notice", told, "told")
    accepted = sources.of_type("reporting.report_accepted.v1")
    final = (str(one.body["task_id"]) for one in accepted if one.body["final"])
    notices = (row["task"] for row in rows if row["milestone"] == "report_accepted")
    result.compare("notices of acceptance of task", notices, final)
    submitted = sources.of_type("reporting.report_submitted.v1")
    reports = (str(one.body["report_id"]) for one in submitted if one.body["final"])
    notices = (row["about"] for row in rows if row["milestone"] == "report_submitted")
    result.compare("notices of report", notices, reports)
