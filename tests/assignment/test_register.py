"""The register of agencies: published, searched, expanded."""

from dataclasses import replace

import pytest

from services.assignment.commands.agencies import record_agencies
from services.assignment.models.agencies import NameTaken
from services.assignment.register import HA_NOI_2016, read_agencies
from shared.auth import UserRole
from shared.events import assignment as events
from shared.testing import ServiceUnderTest
from tests.assignment.letter import seed


async def test_the_register_is_published_whole_and_again_only_where_it_changed(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    await seed(assignment)
    first = await assignment.published(events.AgencyRecorded)
    records = read_agencies(HA_NOI_2016)
    renamed = [replace(one, name="Sở Công Thương mới") for one in records if one.code == "HN-SCT"]
    async with assignment.sessions.begin() as session:
        await record_agencies(session, renamed)

    assert len(first) == len({one.code for one in first}) == 83
    assert {one.version for one in first} == {1}
    (*_, changed) = await assignment.published(events.AgencyRecorded)
    assert (changed.code, changed.name, changed.version) == ("HN-SCT", "Sở Công Thương mới", 2)
    assert changed.groups == ("so_ban_nganh",)


@pytest.mark.parametrize(
    "q",
    [
        "sở công thương",
        "SỞ CÔNG THƯƠNG",
        "Sở Co\u0302ng Thương",
        "SCT",
        "cong thuong",
        "Ѕở Cо\u0302ng Тhương",
    ],
)
async def test_an_agency_is_found_however_it_is_written(
    assignment: ServiceUnderTest, q: str
) -> None:
    await seed(assignment)
    async with assignment.client(UserRole.AGENCY, agency="HN-SCT") as client:
        found = (await client.get("/agencies", params={"q": q})).json()["items"]

    assert "HN-SCT" in [agency["code"] for agency in found]


@pytest.mark.parametrize(
    "name",
    [
        "Sở Công Thương ",
        "Sở Co\u0302ng Thu\u031bo\u031bng",
        "Sở\u200b Công Thương",
        "SỞ CÔNG THƯƠNG",
        "Sở Cо\u0302ng Thương",
        "Sở Công Тhương",
        "Ѕở Công Thương",
    ],
)
async def test_an_agency_that_only_looks_like_another_is_not_registered(
    assignment: ServiceUnderTest, name: str
) -> None:
    await seed(assignment)
    (one,) = [each for each in read_agencies(HA_NOI_2016) if each.code == "HN-SCT"]

    with pytest.raises(NameTaken, match="HN-SCT"):
        async with assignment.sessions.begin() as session:
            await record_agencies(session, [replace(one, code="HN-SCX", name=name)])


@pytest.mark.parametrize("q", ["%", "_", "\\", "' or 1=1 --", "%%%%"])
async def test_search_takes_every_character_literally(assignment: ServiceUnderTest, q: str) -> None:
    await seed(assignment)
    async with assignment.client(UserRole.AUDITOR) as client:
        answer = await client.get("/agencies", params={"q": q})

    assert answer.status_code == 200
    assert answer.json()["items"] == [] or q in ("_", "\\", "%", "%%%%")


async def test_groups_expand_on_a_day(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    async with assignment.client(UserRole.COORDINATOR) as client:
        then = (await client.get("/groups/quan_huyen_thi_xa?on=2016-10-20")).json()
        now = (await client.get("/groups/quan_huyen_thi_xa?on=2025-07-01")).json()

    assert (len(then["members"]), now["members"]) == (30, [])
