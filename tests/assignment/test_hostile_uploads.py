"""A letter made to hold its reader up: the service goes on, and the letter gets one refusal."""

import asyncio
import os
import resource
from pathlib import Path

from deploy.local.memory import descendants
from services.assignment.intake.files import reading
from services.assignment.models.intake import Proposal
from shared.auth import UserRole
from shared.testing import ServiceUnderTest
from tests.assignment.letter import LETTER
from tests.assignment.test_uploads import upload

NAMES = ", ".join(f"Sở A{number}" for number in range(5_000))
UNITS = "\n".join(f"- Rà soát việc {number}." for number in range(20_000))
EACH_FOR_ALL = f"Kính gửi: A\nyêu cầu:\n1. Giao {NAMES}:\n{UNITS}".encode()
"""Every unit is an order to all bodies of its heading: a hundred million names."""


def processor(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


async def test_requests_are_answered_while_a_hostile_letter_is_read(
    assignment: ServiceUnderTest,
) -> None:
    here, below = processor(resource.RUSAGE_SELF), processor(resource.RUSAGE_CHILDREN)
    for _ in range(5):  # again where this process was held up for as long as the reading takes
        hostile = asyncio.create_task(upload(assignment, EACH_FOR_ALL, "text/plain"))
        async with assignment.client(UserRole.COORDINATOR) as client:
            beside = [(await client.get("/intake")).status_code for _ in range(5)]
            still_read = not hostile.done()
        refused = await hostile
        if still_read:
            break
    here = processor(resource.RUSAGE_SELF) - here
    below = processor(resource.RUSAGE_CHILDREN) - below

    assert (beside, still_read) == ([200] * 5, True)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("letter-unreadable")
    assert "send it in parts" in refused.json()["detail"]
    assert here < below
    assert await assignment.count(Proposal) == 0


async def test_a_letter_that_waits_behind_a_hostile_one_is_read(
    assignment: ServiceUnderTest,
) -> None:
    hostile, letter = await asyncio.gather(
        upload(assignment, EACH_FOR_ALL, "text/plain"), upload(assignment, LETTER, "text/plain")
    )

    assert (hostile.status_code, letter.status_code) == (422, 201)


async def test_files_are_read_one_at_a_time(assignment: ServiceUnderTest) -> None:
    """Looked at all the while: each takes seconds, so two that do not wait are seen together."""
    sent = [
        asyncio.create_task(upload(assignment, EACH_FOR_ALL + b"%d" % number, "text/plain"))
        for number in range(2)
    ]
    seen = set()
    while not all(one.done() for one in sent):
        seen.add(readers())
        await asyncio.sleep(0.02)

    assert [(await one).status_code for one in sent] == [422, 422]
    assert seen == {0, 1}


def readers() -> int:
    """How many processes below this one read a file."""
    return sum(reading.PROGRAM in program_of(pid) for pid in descendants([os.getpid()]))


def program_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # it has ended since
        return ""
