"""Lines that tell of many events, and how long they may be."""

import orjson
from structlog.testing import capture_logs

from shared.ids import uuid7
from shared.trail import tell_handled, tell_recorded, tell_sent

DOCKER_CUTS_AT = 16_000
COUNT = 1_000


def of(id: str) -> str:
    """A correlation id of its own for each, of the greatest length."""
    return id.ljust(64, "x")


def test_every_event_is_told_once_and_no_line_is_longer_than_docker_keeps_whole() -> None:
    ids = [str(uuid7()) for _ in range(COUNT)]
    with capture_logs() as lines:
        type = "assignment.deadline_approaching.v1"
        tell_recorded([(of(id), id, type, id, id) for id in ids])
        tell_sent(ids, COUNT)
        tell_handled("handled", [(of(id), id) for id in ids])

    told: dict[str, list[str]] = {"events_recorded": [], "events_sent": [], "events_handled": []}
    for line in lines:
        assert len(orjson.dumps(line)) < DOCKER_CUTS_AT
        events = line.get("ids") or [one for some in line["events"].values() for one in some]
        told[line["event"]] += [event if isinstance(event, str) else event[0] for event in events]
    assert told == dict.fromkeys(told, ids)
