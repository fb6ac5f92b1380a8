"""Steps that tests of assignment share: a directive, issued over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from services.assignment.models.tasks import Task
from shared.auth import UserRole
from shared.ids import uuid7
from shared.testing import ServiceUnderTest
from shared.types import Role
from tests.assignment.letter import seed

DUE = date(2016, 12, 15)


def a_directive(
    items: list[dict[str, Any]] | None = None, number: str = "1/UBND"
) -> dict[str, Any]:
    item = {
        "id": str(uuid4()),
        "path": "1",
        "start": 0,
        "end": 9,
        "text": "Tổ chức thực hiện",
        "lead": ["HN-SCT"],
        "deadline": {"kind": "date", "on": DUE.isoformat()},
    }
    return {
        "number_symbol": number,
        "kind": "công văn",
        "issued_on": "2016-10-20",
        "issuer": "HN-UBND",
        "subject": "thử",
        "items": items or [item],
    }


async def issue(service: ServiceUnderTest, body: dict[str, Any] | None = None) -> list[Task]:
    await seed(service)
    id = uuid7()
    async with service.client(UserRole.COORDINATOR) as client:
        made = await client.put(f"/directives/{id}", json=body or a_directive())
        assert made.status_code == 201, made.text
        issued = await client.post(f"/directives/{id}/issue")
        assert issued.status_code == 200, issued.text
    async with service.sessions() as session:
        found = select(Task).where(Task.directive_id == id).order_by(Task.agency)
        return list((await session.scalars(found)).all())


def facts(task: Task) -> dict[str, Any]:
    return {
        "task_id": task.id,
        "directive_id": task.directive_id,
        "agency": task.agency,
        "role": Role(task.role),
        "obligation_id": UUID(int=4),
        "report_id": UUID(int=5),
        "report_version": 1,
        "final": True,
    }
