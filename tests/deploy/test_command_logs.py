"""What a command logs is JSON as a service's is, and what it says to who called it is one line."""

import json
from pathlib import Path

import grimp
import pytest

from deploy.local.stack import LocalStack
from shared.events.assignment import AgencyRecorded
from shared.testing import ServiceUnderTest
from tests.commands import PROJECT, run_module

NOWHERE = {
    "DONDOC_DATABASE_URL": "postgresql+asyncpg://nobody:x@127.0.0.1:1/{service}",
    "DONDOC_KAFKA_URL": "127.0.0.1:1",
}
PROGRAMS = {
    "deploy.topics": (),
    "deploy.access": ("--check",),
    "deploy.restored": ("budget",),
    "deploy.verify": ("--site",),
    "deploy.backup": ("--site",),
    "deploy.backup.restore": ("--site",),
    "services.assignment.register": (),
}


async def test_what_a_command_records_is_logged_as_a_service_logs_it(
    assignment: ServiceUnderTest, stack: LocalStack
) -> None:
    url = stack.database_url("assignment")

    done = run_module("services.assignment.register", DONDOC_DATABASE_URL=url)

    assert done.returncode == 0, done.stderr
    *logged, said = done.stdout.splitlines()
    assert said == "register: 83 agencies new or changed"
    entries = [json.loads(line) for line in logged]
    recorded = [
        event[1]
        for entry in entries
        if (entry["service"], entry["event"]) == ("assignment", "events_recorded")
        for events in entry["events"].values()
        for event in events
    ]
    assert recorded.count(AgencyRecorded.type) == 83


@pytest.mark.parametrize(("program", "arguments"), PROGRAMS.items(), ids=PROGRAMS)
def test_what_keeps_a_command_from_its_work_is_one_line(
    program: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done = run_module(program, *arguments, **NOWHERE)

    assert done.returncode != 0
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""


def test_every_program_that_may_write_a_line_of_the_log_says_how() -> None:
    """Whoever opens sessions writes through the outbox, and that tells the log."""
    graph = grimp.build_graph("services", "deploy", "shared")
    opening = {one for one in graph.modules if " = create_sessions(" in source(one)}
    programs = {one for one in graph.modules if '__name__ == "__main__"' in source(one)}

    told = {
        one: "configure_command(" in source(one)
        for one in programs
        if opening & {one, *graph.find_upstream_modules(one)}
    }

    assert all(told.values()), told
    assert {"services.assignment.register", "deploy.restored"} <= told.keys()


def source(module: str) -> str:
    path = PROJECT.joinpath(*module.split("."))
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text()
