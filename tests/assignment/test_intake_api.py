"""Letter 6050 through intake over HTTP, on a real PostgreSQL."""

import pytest

from services.assignment.models.tasks import Task
from shared.auth import UserRole
from shared.events import assignment as events
from shared.testing import ServiceUnderTest
from tests.assignment.letter import DIRECTIVE, LETTER, propose, seed


async def test_the_letter_of_2016_becomes_264_tasks(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    again = await propose(assignment)
    async with assignment.client(UserRole.COORDINATOR) as client:
        path = f"/intake/{proposal['id']}/confirm"
        assert (await client.post(path, json={"directive_id": str(DIRECTIVE)})).status_code == 200
        assert (await client.post(f"/directives/{DIRECTIVE}/issue")).status_code == 200
        assert (await client.post(f"/directives/{DIRECTIVE}/issue")).status_code == 409

    assert again["id"] == proposal["id"]
    assigned = await assignment.published(events.TaskAssigned)
    assert len(assigned) == await assignment.count(Task) == 264
    assert all(event.due_on is None for event in assigned)
    assert len({(one.item_id, one.agency) for one in assigned}) == 264
    assert "HN-UBND" not in {one.agency for one in assigned}
    assert len(await assignment.published(events.DirectiveIssued)) == 1


async def test_corrections_are_kept_and_marked_as_the_clerks(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    item = proposal["items"][3]
    change = {
        "items": [
            {
                "id": item["id"],
                "decided": True,
                "deadline": {"kind": "working_days", "days": 10},
            }
        ]
    }
    path = f"/intake/{proposal['id']}"
    async with assignment.client(UserRole.COORDINATOR, subject="clerk") as client:
        without = await client.patch(path, json=change)
        changed = await client.patch(path, json=change, headers={"If-Match": '"1"'})
        stale = await client.patch(path, json=change, headers={"If-Match": '"1"'})
        kept = (await client.get(f"{path}/corrections")).json()

    assert (without.status_code, changed.status_code, stale.status_code) == (428, 200, 412)
    (marked,) = [one for one in changed.json()["items"] if one["id"] == item["id"]]
    assert marked["decided_by_clerk"] == ["deadline"]
    assert {one["field"] for one in kept} == {"deadline", "decided_by_clerk"}
    assert kept[0]["by"] == "clerk"


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"", "text/plain", 422),
        (b"\xff", "text/plain", 422),
        (b"a\x00b", "text/plain", 422),
        (LETTER, "application/json", 415),
        (b"a" * 1_000_001, "text/plain", 413),
    ],
)
async def test_what_is_no_letter_is_refused(
    assignment: ServiceUnderTest, content: bytes, media: str, status: int
) -> None:
    async with assignment.client(UserRole.COORDINATOR) as client:
        answer = await client.post("/intake", content=content, headers={"Content-Type": media})

    assert answer.status_code == status


async def test_a_name_nobody_knows_must_be_resolved_first(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    letter = LETTER.decode().replace("Giao Sở Tài chính,", "Giao Sở Tài chánh,").encode()
    async with assignment.client(UserRole.COORDINATOR) as client:
        answer = await client.post(
            "/intake", content=letter, headers={"Content-Type": "text/plain"}
        )
        path = f"/intake/{answer.json()['id']}/confirm"
        refused = await client.post(path, json={"directive_id": str(DIRECTIVE)})

    (open_name,) = [one for item in answer.json()["items"] for one in item["unresolved"]]
    assert (open_name["name"], open_name["nearest"]) == ("Sở Tài chánh", "HN-STC")
    assert (refused.status_code, refused.json()["names"]) == (409, ["Sở Tài chánh"])
