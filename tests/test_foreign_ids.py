"""What is another agency's answers exactly as what is not there (bad-inputs 23)."""

from uuid import uuid4

from sqlalchemy import select

from services.notification.models.notices import Notice
from shared.auth import UserRole
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from tests.assignment.steps import a_directive, issue
from tests.budget.api_steps import open_funded_line
from tests.notification.test_notification import ASSIGNED, contact
from tests.reporting.test_reporting import assigned, obligation_of, submit

Call = tuple[str, str, object]


async def assert_alike(service: ServiceUnderTest, foreign: object, calls: list[Call]) -> None:
    """Each call with the foreign id and with an absent one, by an agency that owns neither."""
    headers = {"If-Match": '"1"', "X-Correlation-Id": "same"}
    async with service.client(UserRole.AGENCY, agency="HN-SYT", headers=headers) as client:
        for method, path, body in calls:
            theirs = await client.request(method, path.format(foreign), json=body)
            absent = uuid4() if not isinstance(foreign, str) else "HN-XXX"
            nobodys = await client.request(method, path.format(absent), json=body)
            assert theirs.status_code == nobodys.status_code == 404, path
            assert len(theirs.content) == len(nobodys.content)
            assert sorted(theirs.headers) == sorted(nobodys.headers)
            assert theirs.text.replace(str(foreign), "") == nobodys.text.replace(str(absent), "")


async def test_tasks_and_directives_of_others(assignment: ServiceUnderTest) -> None:
    (task,) = await issue(assignment, a_directive())
    later = {"reason": "x", "due_on": "2017-01-01"}

    await assert_alike(
        assignment,
        task.id,
        [
            ("GET", "/tasks/{}", None),
            ("GET", "/tasks/{}/history", None),
            ("GET", "/tasks/{}/deadline", None),
            ("POST", "/tasks/{}/acknowledge", None),
            ("POST", "/tasks/{}/start", None),
            ("POST", "/tasks/{}/return", {"reason": "x"}),
            ("POST", "/tasks/{}/request-extension", later),
        ],
    )
    await assert_alike(assignment, task.directive_id, [("GET", "/directives/{}", None)])


async def test_obligations_and_reports_of_others(reporting: ServiceUnderTest) -> None:
    event = assigned()
    await reporting.deliver(event)
    _, report = await submit(reporting, event)
    owed = await obligation_of(reporting, event.task_id)

    await assert_alike(reporting, owed.id, [("GET", "/obligations/{}", None)])
    await assert_alike(reporting, report, [("GET", "/reports/{}", None)])
    async with reporting.client(
        UserRole.AGENCY, agency="HN-SYT", headers={"X-Correlation-Id": "same"}
    ) as client:
        answers = [
            await client.put(
                f"/reports/{uuid7()}", json={"obligation_id": str(id), "narrative": "x"}
            )
            for id in (owed.id, uuid4())
        ]
        listed = [
            (await client.get(f"/{path}={id}")).json()["items"]
            for path in ("obligations?task", "reports?task")
            for id in (event.task_id, uuid4())
        ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len(answers[0].content) == len(answers[1].content)
    assert listed == [[], [], [], []]


async def test_notices_and_contacts_of_others(notification: ServiceUnderTest) -> None:
    await contact(notification)
    await notification.deliver(ASSIGNED)
    async with notification.sessions() as session:
        notice = (await session.scalars(select(Notice.id))).first()

    await assert_alike(
        notification,
        notice,
        [("POST", "/inbox/{}/read", None), ("GET", "/deliveries?notice={}", None)],
    )
    await assert_alike(
        notification,
        "HN-SCT",
        [("GET", "/contacts/{}", None), ("PUT", "/contacts/{}", {"addresses": []})],
    )


async def test_budget_lines_of_others(budget: ServiceUnderTest) -> None:
    line = await open_funded_line(budget, 100)

    await assert_alike(
        budget,
        line,
        [
            ("GET", "/lines/{}", None),
            ("GET", "/lines/{}/movements", None),
            ("POST", "/lines/{}/propose", {"amount": 1}),
            ("POST", "/lines/{}/commit", {"amount": 1}),
        ],
    )
