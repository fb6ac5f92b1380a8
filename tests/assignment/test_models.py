"""The rules of tasks, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.assignment.models.deadlines import Watch
from services.assignment.models.tasks import (
    DeadlineNotLater,
    DeadlinePassed,
    NoDeadline,
    NotInThisState,
    Task,
    TaskState,
)
from shared.clock import end_of_day, start_of_day
from shared.errors import Refused
from shared.events.assignment import (
    DeadlineApproaching,
    DeadlineExtended,
    DeadlineMissed,
    TaskEvent,
)
from shared.types import Role

ASSIGNED = date(2016, 10, 20)
DUE = date(2016, 12, 15)
NOW = datetime(2016, 10, 20, 1, tzinfo=UTC)


def a_task(due_on: date | None = DUE, *, role: str = "lead", now: datetime = NOW) -> Task:
    task = Task(
        id=UUID(int=1),
        directive_id=UUID(int=2),
        item_id=UUID(int=3),
        agency="HN-SCT",
        role=role,
        state="assigned",
        assigned_on=ASSIGNED,
        due_on=due_on,
        original_due_on=due_on,
        deadline_version=0,
        missed_version=-1,
        version=1,
    )
    task.arm(now)
    return task


def tell(task: Task, now: datetime) -> list[tuple[datetime, TaskEvent]]:
    """As the sweep does it: by the watch of the task, whose columns it then updates."""
    if task.due_on is None:
        return []
    watch = Watch(*(getattr(task, name) for name in Watch.__slots__))
    told = watch.tell(now)
    for name in Watch.__slots__:
        setattr(task, name, getattr(watch, name))
    return told


def told(task: Task, now: datetime) -> list[tuple[str, int | None]]:
    return [
        (event.type.split(".")[1], getattr(event, "days_left", None))
        for _, event in tell(task, now)
    ]


def test_each_milestone_is_told_on_its_day() -> None:
    task = a_task()
    seen = []
    for day in range(80):
        seen += told(task, start_of_day(ASSIGNED + timedelta(days=day)))

    assert seen == [
        ("deadline_approaching", 7),
        ("deadline_approaching", 3),
        ("deadline_approaching", 1),
        ("deadline_missed", None),
    ]


def test_the_due_day_itself_is_not_late() -> None:
    task = a_task()
    tell(task, start_of_day(DUE))

    assert tell(task, end_of_day(DUE) - timedelta(microseconds=1)) == []
    assert told(task, end_of_day(DUE)) == [("deadline_missed", None)]
    assert tell(task, end_of_day(DUE) + timedelta(days=3)) == []


def test_after_a_stop_the_miss_is_told_once_with_its_true_time() -> None:
    task = a_task()

    ((moment, event),) = tell(task, end_of_day(DUE) + timedelta(days=3))

    assert moment == end_of_day(DUE)
    assert event == DeadlineMissed(
        task_id=task.id,
        directive_id=task.directive_id,
        agency="HN-SCT",
        role=Role.LEAD,
        due_on=DUE,
        deadline_version=0,
    )


def test_milestones_before_the_assignment_are_not_told() -> None:
    task = a_task(ASSIGNED + timedelta(days=2))

    assert told(task, start_of_day(ASSIGNED + timedelta(days=1))) == [("deadline_approaching", 1)]


def test_a_coordinating_agency_has_no_deadline_of_its_own() -> None:
    assert a_task(role="coordinate").next_check_at is None


def test_without_a_deadline_nothing_is_ever_late() -> None:
    task = a_task(None)

    assert tell(task, NOW + timedelta(days=9999)) == []
    with pytest.raises(NoDeadline):
        task.request_extension(DUE, "x", ASSIGNED)


def test_what_was_reported_in_time_is_never_missed() -> None:
    task = a_task()
    task.hear_report(DUE)

    assert tell(task, end_of_day(DUE) + timedelta(days=1)) == []


def test_what_is_sent_back_is_owed_again() -> None:
    task = a_task()
    task.hear_report(DUE)
    task.hear_sent_back(end_of_day(DUE) + timedelta(days=2))

    assert task.state == TaskState.IN_PROGRESS
    assert told(task, end_of_day(DUE) + timedelta(days=2)) == [("deadline_missed", None)]


def test_a_miss_is_not_told_again_after_a_report_was_sent_back() -> None:
    task = a_task()
    tell(task, end_of_day(DUE))
    task.hear_report(DUE + timedelta(days=5))
    task.hear_sent_back(end_of_day(DUE) + timedelta(days=6))

    assert tell(task, end_of_day(DUE) + timedelta(days=30)) == []


def test_an_extension_is_a_new_version_and_keeps_the_first_date() -> None:
    task = a_task()
    later = DUE + timedelta(days=60)

    event = task.extend(later, "granted", NOW)

    assert event == DeadlineExtended(
        task_id=task.id,
        directive_id=task.directive_id,
        agency="HN-SCT",
        role=Role.LEAD,
        due_on=later,
        previous_due_on=DUE,
        original_due_on=DUE,
        deadline_version=1,
        reason="granted",
    )
    assert told(task, end_of_day(DUE)) == []
    assert told(task, end_of_day(later)) == [("deadline_missed", None)]


def test_a_deadline_only_moves_later() -> None:
    with pytest.raises(DeadlineNotLater):
        a_task().extend(DUE, "x", NOW)


def test_more_time_is_asked_for_before_the_deadline_ends() -> None:
    with pytest.raises(DeadlinePassed):
        a_task().request_extension(DUE + timedelta(days=9), "x", DUE + timedelta(days=1))


def test_acknowledgement_comes_before_the_start() -> None:
    task = a_task()

    with pytest.raises(NotInThisState):
        task.start()
    task.acknowledge()
    task.start()

    assert task.state == TaskState.IN_PROGRESS


@pytest.mark.parametrize("end", ["cancel", "complete"])
def test_a_request_for_more_time_ends_with_its_task(end: str) -> None:
    task = a_task()
    task.request_extension(DUE + timedelta(days=9), "x", ASSIGNED)
    if end == "cancel":
        task.cancel("x")
    else:
        task.complete(DUE)

    with pytest.raises(NotInThisState):
        task.refuse_extension("y")


class TaskLife(RuleBasedStateMachine):
    """Any order of what may happen: facts stay facts, each is told once per version."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.task = a_task()
        self.facts: list[tuple[str, int, int]] = []
        self.ended = False

    def attempt(self, action: Any, *arguments: Any) -> None:
        try:
            action(*arguments)
        except Refused:
            return
        if self.task.state in (TaskState.COMPLETED, TaskState.CANCELLED):
            self.ended = True

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        for moment, event in tell(self.task, self.now):
            assert moment <= self.now
            left = event.days_left if isinstance(event, DeadlineApproaching) else 0
            self.facts.append((event.type, left, self.task.deadline_version))

    @rule(verb=st.sampled_from(["acknowledge", "start"]))
    def agency_goes_on(self, verb: str) -> None:
        self.attempt(getattr(self.task, verb))

    @rule(verb=st.sampled_from(["give_back", "refuse_return", "cancel", "refuse_extension"]))
    def with_a_reason(self, verb: str) -> None:
        self.attempt(getattr(self.task, verb), "reason")

    @rule(agency=st.sampled_from(["HN-SCT", "HN-STC"]))
    def reassign(self, agency: str) -> None:
        self.attempt(self.task.reassign, agency, "reason")

    @rule(days=st.integers(-5, 40))
    def extend(self, days: int) -> None:
        assert self.task.due_on is not None
        self.attempt(self.task.extend, self.task.due_on + timedelta(days=days), "reason", self.now)

    @rule()
    def report(self) -> None:
        self.task.hear_report(self.now.date())

    @rule()
    def send_back(self) -> None:
        self.task.hear_sent_back(self.now)

    @rule()
    def accept(self) -> None:
        if self.task.state == TaskState.REPORTED:
            self.attempt(self.task.complete, self.now.date())

    @invariant()
    def each_fact_once_and_none_after_the_end(self) -> None:
        assert len(self.facts) == len(set(self.facts))
        if self.task.state in (TaskState.COMPLETED, TaskState.CANCELLED, TaskState.REPORTED):
            assert self.task.next_check_at is None
        if self.ended:
            assert self.task.state in (TaskState.COMPLETED, TaskState.CANCELLED)

    @invariant()
    def the_first_deadline_is_never_lost(self) -> None:
        assert self.task.original_due_on == DUE
        assert self.task.due_on is not None
        assert self.task.due_on >= DUE


TestTaskLife = TaskLife.TestCase
TestTaskLife.settings = settings(max_examples=60, stateful_step_count=40)
