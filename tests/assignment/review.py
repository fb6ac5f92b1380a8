"""Steps that tests of the review share: a proposal, corrected and confirmed over HTTP."""

from typing import Any

import httpx

from shared.auth import UserRole
from shared.testing import ServiceUnderTest
from tests.assignment.letter import DIRECTIVE


async def patch(
    service: ServiceUnderTest,
    proposal: dict[str, Any],
    *,
    by: str = "clerk",
    **change: Any,
) -> httpx.Response:
    async with service.client(UserRole.COORDINATOR, subject=by) as client:
        return await client.patch(
            f"/intake/{proposal['id']}",
            json=change,
            headers={"If-Match": f'"{proposal["version"]}"'},
        )


async def changed(
    service: ServiceUnderTest, proposal: dict[str, Any], **change: Any
) -> dict[str, Any]:
    answer = await patch(service, proposal, **change)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def read(service: ServiceUnderTest, proposal: dict[str, Any], path: str = "") -> Any:
    async with service.client(UserRole.AUDITOR) as client:
        return (await client.get(f"/intake/{proposal['id']}{path}")).json()


async def confirm(
    service: ServiceUnderTest, proposal: dict[str, Any], **headers: str
) -> httpx.Response:
    async with service.client(UserRole.COORDINATOR, headers=headers) as client:
        path = f"/intake/{proposal['id']}/confirm"
        return await client.post(path, json={"directive_id": str(DIRECTIVE)})


def by_id(proposal: dict[str, Any], id: object) -> dict[str, Any]:
    (item,) = [one for one in proposal["items"] if one["id"] == str(id)]
    return dict(item)


def in_letter(proposal: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(proposal["items"], key=lambda one: (one["start"], one["end"], one["id"]))
