"""A proposal is reviewed over HTTP: split, merge, add, drop, restore; by two people at once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.assignment.models.directives import Item
from shared.auth import UserRole
from shared.testing import ServiceUnderTest
from tests.assignment.letter import LETTER, propose, seed
from tests.assignment.review import by_id, changed, confirm, in_letter, patch, read

TEXT = LETTER.decode()
NEW = UUID(int=77)


def middle(item: dict[str, Any]) -> int:
    """A blank inside the item, in code points of the letter."""
    return TEXT.index(" ", (item["start"] + item["end"]) // 2)


async def test_an_item_is_split_where_the_clerk_says(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    item = in_letter(proposal)[0]
    at = middle(item)

    after = await changed(
        assignment, proposal, split=[{"id": item["id"], "at": at, "second": str(NEW)}]
    )

    first, second = by_id(after, item["id"]), by_id(after, NEW)
    assert (first["start"], first["end"]) == (item["start"], at)
    assert (second["start"], second["end"]) == (at + 1, item["end"])
    assert first["lead"] == second["lead"] == item["lead"]
    assert len(after["items"]) == len(proposal["items"]) + 1
    kept = {
        (one["field"], one["item_id"]) for one in await read(assignment, proposal, "/corrections")
    }
    assert kept == {("end", item["id"]), ("text", item["id"]), ("item", str(NEW))}


async def test_neighbours_are_merged_and_what_was_merged_away_can_be_restored(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    first, second, third = in_letter(proposal)[:3]

    apart = await patch(assignment, proposal, merge=[{"id": third["id"], "other": first["id"]}])
    merged = await changed(assignment, proposal, merge=[{"id": second["id"], "other": first["id"]}])
    back = await changed(assignment, merged, restore=[second["id"]])

    both = by_id(merged, first["id"])
    assert (both["start"], both["end"]) == (first["start"], second["end"])
    assert set(both["lead"]) == {*first["lead"], *second["lead"]}
    assert second["id"] not in {one["id"] for one in merged["items"]}
    assert by_id(back, second["id"]) == second
    assert (apart.status_code, apart.json()["type"]) == (409, "urn:dondoc:not-neighbours")


async def test_items_are_merged_only_when_their_time_limits_agree(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    first, second = in_letter(proposal)[:2]
    limits = [
        {"id": one["id"], "deadline": {"kind": "days", "days": days}}
        for one, days in ((first, 5), (second, 6))
    ]

    refused = await patch(
        assignment, proposal, items=limits, merge=[{"id": first["id"], "other": second["id"]}]
    )

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:dondoc:terms-differ")
    assert "deadline" in refused.json()["detail"]


async def test_a_change_that_is_refused_in_part_changes_nothing(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    item = proposal["items"][0]

    refused = await patch(
        assignment,
        proposal,
        header={"subject": "khác"},
        items=[{"id": item["id"], "drop": True}, {"id": str(NEW), "drop": True}],
    )

    assert (refused.status_code, refused.json()["type"]) == (404, "urn:dondoc:item-not-found")
    assert await read(assignment, proposal) == proposal
    assert await read(assignment, proposal, "/corrections") == []


async def test_an_order_is_added_by_its_span(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    start = TEXT.index("Kính gửi")
    added = {"id": str(NEW), "path": "9", "start": start, "end": start + 20, "lead": ["HN-SCT"]}

    after = await changed(assignment, proposal, add=[added])
    again = await patch(assignment, after, add=[added])
    outside = await patch(
        assignment, after, add=[{**added, "id": str(uuid4()), "end": len(TEXT) + 1}]
    )
    nobody = await patch(assignment, after, add=[{**added, "id": str(uuid4()), "lead": ["XX-Y"]}])

    item = by_id(after, NEW)
    assert item["text"] == " ".join(TEXT[start : start + 20].replace("*", " ").split())
    assert (item["lead"], item["named"]["lead"]) == (["HN-SCT"], ["Sở Công Thương"])
    assert (again.status_code, again.json()["type"]) == (409, "urn:dondoc:item-id-taken")
    assert (outside.status_code, outside.json()["type"]) == (422, "urn:dondoc:span-outside-letter")
    assert (nobody.status_code, nobody.json()["type"]) == (422, "urn:dondoc:unknown-code")


async def test_what_was_dropped_is_not_issued_and_comes_back_as_it_was(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    kept, dropped, gone = in_letter(proposal)[:3]

    without = await changed(
        assignment,
        proposal,
        items=[{"id": dropped["id"], "drop": True}, {"id": gone["id"], "drop": True}],
    )
    taken = await patch(
        assignment,
        without,
        add=[{"id": gone["id"], "path": "", "start": 0, "end": 9, "lead": ["HN-SCT"]}],
    )
    back = await changed(assignment, without, restore=[dropped["id"]])
    there = await patch(assignment, back, restore=[kept["id"]])
    never = await patch(assignment, back, restore=[str(NEW)])
    confirmed = await confirm(assignment, back)

    assert by_id(back, dropped["id"]) == dropped
    assert (taken.status_code, there.status_code, never.status_code) == (409, 409, 404)
    assert confirmed.status_code == 200
    async with assignment.sessions() as session:
        issued = {str(id) for id in await session.scalars(select(Item.id))}
    assert issued == {one["id"] for one in proposal["items"]} - {gone["id"]}


async def test_of_two_people_at_once_one_is_told_and_nothing_is_lost(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    first, second = in_letter(proposal)[:2]
    drops = {
        "an": {"items": [{"id": first["id"], "drop": True}]},
        "ba": {"items": [{"id": second["id"], "drop": True}]},
    }

    answers = await asyncio.gather(
        *(patch(assignment, proposal, by=who, **change) for who, change in drops.items())
    )
    late = "an" if answers[0].status_code == 412 else "ba"
    newest = await read(assignment, proposal)
    after = await changed(assignment, newest, by=late, **drops[late])

    assert sorted(one.status_code for one in answers) == [200, 412]
    assert not {first["id"], second["id"]} & {one["id"] for one in after["items"]}
    kept = await read(assignment, proposal, "/corrections")
    assert {(one["by"], one["before"]["id"]) for one in kept} == {
        ("an", first["id"]),
        ("ba", second["id"]),
    }


async def test_nothing_is_confirmed_that_another_has_changed_since(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    after = await changed(assignment, proposal, header={"subject": "khác"})

    stale = await confirm(assignment, proposal, **{"If-Match": '"1"'})
    fresh = await confirm(assignment, proposal, **{"If-Match": f'"{after["version"]}"'})
    late = await patch(assignment, {**after, "version": 3}, header={"subject": "nữa"})

    assert (stale.status_code, fresh.status_code) == (412, 200)
    assert (late.status_code, late.json()["type"]) == (409, "urn:dondoc:already-confirmed")


async def test_a_name_is_explained_once_for_the_whole_letter(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    letter = TEXT.replace("Sở Công Thương", "Sở Công Thươn").encode()
    async with assignment.client(UserRole.COORDINATOR) as client:
        sent = await client.post("/intake", content=letter, headers={"Content-Type": "text/plain"})
    proposal = sent.json()
    waiting = [one["id"] for one in proposal["items"] if one["unresolved"]]

    meant = [{"name": "Sở Công Thươn", "code": "HN-SCT"}]
    after = await changed(assignment, proposal, meant=meant)
    again = await patch(assignment, after, meant=meant)

    assert len(waiting) > 1
    assert proposal["items"][0]["id"] in waiting
    assert not any(one["unresolved"] for one in after["items"])
    assert all("HN-SCT" in [*item["lead"], *item["coordinate"]]
               for item in after["items"] if item["id"] in waiting)  # fmt: skip
    assert (again.status_code, again.json()["type"]) == (404, "urn:dondoc:name-not-open")


async def test_names_that_a_clerk_writes_mean_whom_they_meant_on_the_letters_day(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    first = await propose(assignment)
    item = first["items"][0]["id"]
    named = {"id": item, "named": {"lead": ["Ủy ban nhân dân quận Ba Đình"]}}

    then = await changed(assignment, first, items=[named])
    later = await changed(assignment, then, items=[named], header={"date": "2026-01-05"})
    before = await changed(assignment, later, items=[named], header={"date": "2024-01-05"})

    assert by_id(then, item)["lead"] == by_id(before, item)["lead"] == ["HN-UBND-001"]
    (open_name,) = by_id(later, item)["unresolved"]
    assert "only until 2025-06-30" in open_name["reason"]


async def test_an_item_that_nobody_leads_is_not_confirmed(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    item = proposal["items"][0]
    after = await changed(assignment, proposal, items=[{"id": item["id"], "lead": []}])

    refused = await confirm(assignment, after)

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:dondoc:without-lead")
    assert refused.json()["paths"] == [item["path"]]


async def test_a_letter_without_orders_is_not_confirmed(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    drops = [{"id": one["id"], "drop": True} for one in proposal["items"]]
    after = await changed(assignment, proposal, items=drops)

    refused = await confirm(assignment, after)

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:dondoc:incomplete")


async def test_what_needs_a_person_comes_first_until_it_was_checked(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    first = proposal["items"][0]
    after = await changed(assignment, proposal, items=[{"id": first["id"], "checked": True}])
    as_written = await read(assignment, proposal, "?sort=start")
    odd = await read(assignment, proposal, "?sort=x")

    sure = [one["sure"] for one in proposal["items"]]
    assert sure == sorted(sure)
    assert all(one["evidence"]["task"]["rule"] for one in proposal["items"])
    assert after["items"][-1]["id"] == first["id"]
    starts = [one["start"] for one in as_written["items"]]
    assert starts == sorted(starts)
    assert odd["status"] == 422


@pytest.mark.parametrize(
    "told",
    [
        {"lead": None},
        {"path": None},
        {"start": -1},
        {"recurrence": "sometimes"},
        {"time": {"raw": "sớm", "kind": "soon"}},
        {"deadline": {"kind": "date", "on": "2016-02-30"}},
        {"lead": ["XX-Y"]},
        {"start": 5, "end": 5},
        {"path": "1" * 41},
    ],
)
async def test_a_field_that_cannot_be_is_refused(
    assignment: ServiceUnderTest, told: dict[str, Any]
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)

    refused = await patch(assignment, proposal, items=[{"id": proposal["items"][0]["id"], **told}])

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


async def test_the_words_time_gives_the_deadline_and_a_corrected_day_the_time(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    id = proposal["items"][0]["id"]
    time = {"raw": "trước ngày 15/12", "date": "2016-12-15", "kind": "date"}

    written = await changed(assignment, proposal, items=[{"id": id, "time": time}])
    other_day = {"kind": "date", "on": "2016-12-16"}
    moved = await changed(assignment, written, items=[{"id": id, "deadline": other_day}])
    none = await changed(assignment, moved, items=[{"id": id, "deadline": None}])

    assert by_id(written, id)["deadline"] == {"kind": "date", "on": "2016-12-15"}
    assert by_id(moved, id)["time"] == {**time, "date": "2016-12-16"}
    assert (by_id(none, id)["time"], by_id(none, id)["deadline"]) == (None, None)
