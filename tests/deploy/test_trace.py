"""The order in which a request's path is told."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.trace import trail_of

CORRELATION = "van-thu.6050"
ASSIGNED, OPENED = "assignment.task_assigned.v1", "reporting.obligation_opened.v1"
BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def line(service: str, seconds: float, event: str, **facts: object) -> str:
    at = BEGAN + timedelta(seconds=seconds)
    return json.dumps({"service": service, "timestamp": at.isoformat(), "event": event} | facts)


def recorded(service: str, seconds: float, *events: list[str | None]) -> str:
    return line(service, seconds, "events_recorded", events={CORRELATION: events})


def sent(service: str, seconds: float, *ids: str) -> str:
    return line(service, seconds, "events_sent", top=1, ids=ids)


def handled(service: str, seconds: float, *ids: str) -> str:
    return line(service, seconds, "events_handled", outcome="handled", events={CORRELATION: ids})


def told(folder: Path, *lines: str) -> list[str]:
    log = folder / "log"
    log.write_text("\n".join(lines))
    return [f"{step.service} {step.words}" for step in trail_of(CORRELATION, [log]).steps]


def test_nothing_is_told_before_what_it_follows_from_though_a_clock_is_slow(tmp_path: Path) -> None:
    slow = -2.0
    steps = told(
        tmp_path,
        sent("reporting", slow + 0.04, "opened"),
        handled("reporting", slow + 0.03, "assigned"),
        recorded("reporting", slow + 0.02, ["opened", OPENED, "task", "assigned"]),
        recorded("assignment", 0, ["assigned", ASSIGNED, "task", None]),
        sent("assignment", 0.01, "assigned"),
        handled("budget", 0.06, "opened"),
        handled("notification", 0.05, "assigned"),
    )

    assert steps == [
        f"assignment recorded {ASSIGNED}",
        f"assignment sent {ASSIGNED}",
        f"reporting handled {ASSIGNED}",
        f"reporting recorded {OPENED}, because of {ASSIGNED}",
        f"reporting sent {OPENED}",
        f"notification handled {ASSIGNED}",
        f"budget handled {OPENED}",
    ]


def test_what_is_sent_again_is_told_when_it_was(tmp_path: Path) -> None:
    steps = told(
        tmp_path,
        recorded("assignment", 0, ["assigned", ASSIGNED, "task", None]),
        sent("assignment", 1, "assigned"),
        handled("reporting", 2, "assigned"),
        sent("assignment", 3, "assigned"),
    )

    assert steps == [
        f"assignment recorded {ASSIGNED}",
        f"assignment sent {ASSIGNED}",
        f"reporting handled {ASSIGNED}",
        f"assignment sent {ASSIGNED}",
    ]


def test_an_event_that_was_sent_before_it_is_said_to_be_recorded(tmp_path: Path) -> None:
    steps = told(
        tmp_path,
        handled("reporting", 0.01, "assigned"),
        sent("assignment", 0.02, "assigned"),
        recorded("assignment", 0.03, ["assigned", ASSIGNED, "task", None]),
    )

    assert [step.split()[1] for step in steps] == ["recorded", "sent", "handled"]


def test_many_of_a_type_are_one_step_and_causes_apart(tmp_path: Path) -> None:
    steps = told(
        tmp_path,
        recorded(
            "assignment", 0, *([id, ASSIGNED, id, None] for id in ("assigned", "other", "third"))
        ),
        sent("assignment", 1, "assigned", "other", "third", "of-another-request"),
        handled("reporting", 3, "assigned", "other"),
        recorded(
            "reporting",
            2,
            ["opened", OPENED, "task", "assigned"],
            ["more", OPENED, "task", "other"],
            ["own", OPENED, "task", None],
        ),
    )

    assert steps == [
        f"assignment recorded 3 × {ASSIGNED}",
        f"assignment sent 3 × {ASSIGNED}",
        f"reporting handled 2 × {ASSIGNED}",
        f"reporting recorded 2 × {OPENED}, because of {ASSIGNED}",
        f"reporting recorded {OPENED}",
    ]
