"""How notices cite the letter: numbers begin anew each year, so the day belongs to it."""

from sqlalchemy import select, update

from services.notification.models.notices import Notice, TaskFacts
from shared.testing import ServiceUnderTest
from tests.notification.test_notification import ASSIGNED, MISSED


async def bodies(service: ServiceUnderTest) -> list[str]:
    async with service.sessions() as session:
        return list((await session.scalars(select(Notice.body).order_by(Notice.created_at))).all())


async def test_a_letter_is_cited_with_its_day(notification: ServiceUnderTest) -> None:
    await notification.deliver(ASSIGNED, MISSED)

    told = await bodies(notification)
    assert len(told) == 2
    assert all("của Văn bản số 6050/UBND-KT ngày 20/10/2016" in body for body in told)


async def test_a_task_from_before_letters_had_days_is_told_without(
    notification: ServiceUnderTest,
) -> None:
    await notification.deliver(ASSIGNED)
    async with notification.sessions.begin() as session:
        await session.execute(update(TaskFacts).values(issued_on=None))
    await notification.deliver(MISSED)

    (_, missed) = await bodies(notification)
    assert "của Văn bản số 6050/UBND-KT (hết ngày 15/12/2016)" in missed
