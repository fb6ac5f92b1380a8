"""What staff are told of decisions about their tasks, and whether it is true when they read it."""

from sqlalchemy import select

from services.notification.models.notices import Notice
from shared.events import assignment
from shared.testing import ServiceUnderTest
from tests.notification.test_notification import ASSIGNED, FACTS


async def notices(service: ServiceUnderTest, milestone: str) -> list[Notice]:
    async with service.sessions() as session:
        found = select(Notice).where(Notice.milestone == milestone).order_by(Notice.created_at)
        return list(await session.scalars(found))


async def test_the_agency_is_told_why_it_has_to_keep_the_task(
    notification: ServiceUnderTest,
) -> None:
    returned = assignment.TaskReturned(reason="không thuộc chức năng", **FACTS)
    refused = assignment.ReturnRefused(reason="theo Quyết định 12", **FACTS)
    again = refused.model_copy(update={"reason": "theo Quyết định 13"})

    await notification.deliver(ASSIGNED, returned, refused, returned, again)

    told = await notices(notification, "return_refused")
    assert [one.recipient for one in told] == ["HN-SCT", "HN-SCT"]
    assert {"Quyết định 12", "Quyết định 13"} == {
        words for words in ("Quyết định 12", "Quyết định 13") for one in told if words in one.body
    }
