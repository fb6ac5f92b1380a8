"""The letter of 2016, taken through intake by a coordinator."""

from pathlib import Path
from typing import Any
from uuid import UUID

import services.assignment.register as register
from services.assignment.register import HA_NOI_2016, load, read_agencies, read_groups
from shared.auth import UserRole
from shared.testing import ServiceUnderTest

LETTER = (register.DATA / "letters" / "6050_ubnd-kt.txt").read_bytes()
DIRECTIVE = UUID(int=6050)


async def seed(assignment: ServiceUnderTest) -> None:
    """The register of Hà Nội, as the launcher loads it."""
    groups = read_groups(register.DATA / "groups.csv")
    await load(assignment.sessions, read_agencies(Path(HA_NOI_2016)), groups)


async def propose(assignment: ServiceUnderTest) -> dict[str, Any]:
    """Upload the letter; the proposal."""
    async with assignment.client(UserRole.COORDINATOR) as client:
        answer = await client.post(
            "/intake", content=LETTER, headers={"Content-Type": "text/plain"}
        )
    assert answer.status_code in (200, 201), answer.text
    body: dict[str, Any] = answer.json()
    return body
