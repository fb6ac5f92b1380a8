"""Agencies and offices as they behave: they hear events, and answer through the public APIs."""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from deploy.demo.agenda import Agenda, Unexpected
from deploy.demo.subscriber import Seen
from deploy.system import System
from shared.auth import UserRole
from shared.clock import start_of_day
from shared.ids import uuid7

RETURNS = "HN-BKTDT"
TAKES_OVER = "HN-SVHTT"
GETS_MORE_TIME = "HN-STC"
IS_REFUSED = "HN-SKHDT"
SENT_BACK = "HN-SCT"
OVERSPENDS = "HN-UBND-016"
MONEY_ITEM = "2"
RESENDS = 3
STARTS = 0.3
"""Of those who acknowledge, so many also tell that they began."""


class Actors:
    """Everybody who works with the system, made alike in every run by the seed."""

    def __init__(self, system: System, agenda: Agenda, seed: int = 6050) -> None:
        self._system = system
        self._agenda = agenda
        self._seed = seed
        self._clients: dict[tuple[str, str], httpx.AsyncClient] = {}
        self._once: set[str] = set()
        self._returned: set[str] = set()

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    def hear(self, events: Sequence[Seen]) -> None:
        """Decide what to do about each event, and when."""
        for event in events:
            reaction = getattr(self, f"_{event.name}", None)
            if reaction is not None:
                reaction(event.at, event.body)

    def _chance(self, *what: object) -> random.Random:
        return random.Random(f"{self._seed}/{what}")

    def _kind(self, agency: str) -> str:
        """Most are diligent, some late, a few never report."""
        dice = self._chance("kind", agency).random()
        special = {GETS_MORE_TIME, IS_REFUSED, SENT_BACK, TAKES_OVER, OVERSPENDS}
        if agency in special or dice < 0.78:
            return "diligent"
        return "late" if dice < 0.93 else "never"

    def _first(self, what: str) -> bool:
        if what in self._once:
            return False
        self._once.add(what)
        return True

    def _task_assigned(self, at: datetime, task: dict[str, Any]) -> None:
        agency = task["agency"]
        if self._kind(agency) == "never":
            return
        dice = self._chance("ack", task["task_id"])
        days = dice.uniform(0.5, 25)
        self._agenda.after(at, days, lambda: self._acknowledge(task))
        if agency == RETURNS and self._first("return"):
            self._agenda.after(at, 26, lambda: self._return(task))
        elif task["role"] == "lead" and dice.random() < STARTS:
            self._agenda.after(at, days + 6, lambda: self._start(task))
        if agency in (GETS_MORE_TIME, IS_REFUSED) and task["item_path"] == MONEY_ITEM:
            self._agenda.after(at, 21, lambda: self._ask_for_time(task))

    async def _acknowledge(self, task: dict[str, Any]) -> None:
        await self._post("assignment", task["agency"], f"/tasks/{task['task_id']}/acknowledge")

    async def _start(self, task: dict[str, Any]) -> None:
        await self._post("assignment", task["agency"], f"/tasks/{task['task_id']}/start")

    async def _return(self, task: dict[str, Any]) -> None:
        reason = {"reason": "Nội dung tuyên truyền này thuộc chức năng của cơ quan khác."}
        await self._post("assignment", RETURNS, f"/tasks/{task['task_id']}/return", reason)

    async def _ask_for_time(self, task: dict[str, Any]) -> None:
        due = date.fromisoformat(task["due_on"]) + timedelta(days=60)
        body = {"due_on": due.isoformat(), "reason": "Chờ ý kiến của các cơ quan liên quan."}
        path = f"/tasks/{task['task_id']}/request-extension"
        await self._post("assignment", task["agency"], path, body)

    def _task_returned(self, at: datetime, event: dict[str, Any]) -> None:
        self._returned.add(event["task_id"])
        self._agenda.after(at, 2, lambda: self._reassign(event))

    async def _reassign(self, event: dict[str, Any]) -> None:
        body = {"agency": TAKES_OVER, "reason": "Phù hợp chức năng, nhiệm vụ."}
        await self._decide(f"/tasks/{event['task_id']}", "reassign", body)

    def _task_reassigned(self, at: datetime, event: dict[str, Any]) -> None:
        self._agenda.after(at, 1, lambda: self._acknowledge(event))

    def _extension_requested(self, at: datetime, event: dict[str, Any]) -> None:
        decide = self._extend if event["agency"] == GETS_MORE_TIME else self._refuse
        self._agenda.after(at, 3, lambda: decide(event))

    async def _extend(self, event: dict[str, Any]) -> None:
        body = {"due_on": event["due_on"], "reason": "Chấp thuận đề nghị của Sở Tài chính."}
        await self._decide(f"/tasks/{event['task_id']}", "extend", body)

    async def _refuse(self, event: dict[str, Any]) -> None:
        body = {"reason": "Kế hoạch vốn phải trình trước năm ngân sách."}
        await self._post("assignment", None, f"/tasks/{event['task_id']}/refuse-extension", body)

    def _obligation_opened(self, at: datetime, owed: dict[str, Any]) -> None:
        agency, kind = owed["agency"], self._kind(owed["agency"])
        dice = self._chance("report", owed["obligation_id"])
        if kind == "never" or (kind == "late" and dice.random() < 0.3):
            return
        if owed.get("due_on"):
            due = start_of_day(date.fromisoformat(owed["due_on"]))
            days = dice.uniform(-25, -9) if kind == "diligent" else dice.uniform(4, 45)
            moment = max(due + timedelta(days=days), at + timedelta(days=12))
        elif dice.random() < 0.6:
            moment = at + timedelta(days=dice.uniform(60, 330))
        else:
            return
        self._agenda.at(moment, lambda: self._report(agency, owed))

    async def _report(self, agency: str, owed: dict[str, Any]) -> None:
        """Who gave the task back owes nothing."""
        if owed["task_id"] in self._returned and agency == RETURNS:
            return
        nil = owed["kind"] == "periodic" and self._chance("nil", owed).random() < 0.1
        body = {
            "obligation_id": owed["obligation_id"],
            "narrative": "" if nil else "Đã thực hiện theo chỉ đạo; kết quả cụ thể kèm theo.",
            "figures": [] if nil else [{"name": "Số cơ sở được hỗ trợ", "value": 12}],
            "nil": nil,
        }
        client = self._client("reporting", agency)
        _expect(await _send(client, "PUT", f"/reports/{uuid7()}", body), 200, 201, 404, 409)

    def _report_submitted(self, at: datetime, event: dict[str, Any]) -> None:
        send_back = event["agency"] == SENT_BACK and event["final"] and self._first("send back")
        decide = self._send_back if send_back else self._accept
        self._agenda.after(at, 3, lambda: decide(event))

    async def _accept(self, event: dict[str, Any]) -> None:
        await self._post("reporting", None, f"/reports/{event['report_id']}/accept")

    async def _send_back(self, event: dict[str, Any]) -> None:
        body = {"remarks": "Đề nghị bổ sung số liệu và tiến độ từng nội dung."}
        await self._post("reporting", None, f"/reports/{event['report_id']}/send-back", body)

    def _report_sent_back(self, at: datetime, event: dict[str, Any]) -> None:
        again = {**event, "kind": "completion"}
        self._agenda.after(at, 8, lambda: self._report(event["agency"], again))

    def _line_opened(self, at: datetime, line: dict[str, Any]) -> None:
        """Each step follows the event of the one before; half of the sum is spent in the year."""
        if self._kind(line["agency"]) == "never" or not self._first(f"line {line['line_id']}"):
            return
        amount = self._chance("money", line["line_id"]).randint(200, 900) * 1_000_000
        self._agenda.after(at, 4, lambda: self._move(line, "propose", amount))

    def _estimate_proposed(self, at: datetime, moved: dict[str, Any]) -> None:
        self._agenda.after(at, 3, lambda: self._move(moved, "approve", moved["amount"]))

    def _estimate_approved(self, at: datetime, moved: dict[str, Any]) -> None:
        self._agenda.after(at, 2, lambda: self._move(moved, "assign", moved["amount"]))

    def _estimate_assigned(self, at: datetime, moved: dict[str, Any]) -> None:
        half = moved["amount"] // 2
        self._agenda.after(at, 4, lambda: self._move(moved, "commit", half))

    def _funds_committed(self, at: datetime, moved: dict[str, Any]) -> None:
        if moved["agency"] == OVERSPENDS and self._first("overspend"):
            more = moved["available"] * 2
            self._agenda.after(at, 3, lambda: self._move(moved, "commit", more, refused=True))
        self._agenda.after(at, 12, lambda: self._move(moved, "disburse", moved["amount"]))

    def _overspend_refused(self, at: datetime, refused: dict[str, Any]) -> None:
        lacking = refused["requested"] - refused["available"]
        self._agenda.after(at, 5, lambda: self._move(refused, "adjust", lacking))

    async def _move(
        self,
        line: dict[str, Any],
        verb: str,
        amount: int,
        *,
        refused: bool = False,
    ) -> None:
        own = verb in ("propose", "commit")
        client = self._client("budget", line["agency"]) if own else self._office("budget")
        body = {"amount": amount, "legal_basis": "6050/UBND-KT"}
        answer = await _send(client, "POST", f"/lines/{line['line_id']}/{verb}", body)
        _expect(answer, *((409,) if refused else (200, 201)))

    async def _decide(self, path: str, verb: str, body: dict[str, Any]) -> None:
        """On what was read just now; read again if somebody was quicker."""
        office = self._coordinator("assignment")
        for _ in range(RESENDS):
            read = await office.get(path)
            _expect(read, 200)
            version = read.headers["etag"]
            answer = await _send(office, "POST", f"{path}/{verb}", body, version=version)
            if answer.status_code != 412:
                break
        _expect(answer, 200, 201)

    async def _post(
        self,
        service: str,
        agency: str | None,
        path: str,
        body: dict[str, Any] | None = None,
    ) -> None:
        client = self._coordinator(service) if agency is None else self._client(service, agency)
        _expect(await _send(client, "POST", path, body), 200, 201)

    def _client(self, service: str, agency: str) -> httpx.AsyncClient:
        if (service, agency) not in self._clients:
            client = self._system.client(service, UserRole.AGENCY, agency=agency)
            self._clients[service, agency] = client
        return self._clients[service, agency]

    def _coordinator(self, service: str) -> httpx.AsyncClient:
        if (service, "coordinator") not in self._clients:
            client = self._system.client(service, UserRole.COORDINATOR, subject="vpub")
            self._clients[service, "coordinator"] = client
        return self._clients[service, "coordinator"]

    def _office(self, service: str) -> httpx.AsyncClient:
        if (service, "budget") not in self._clients:
            client = self._system.client(service, UserRole.BUDGET, subject="budget-office")
            self._clients[service, "budget"] = client
        return self._clients[service, "budget"]


async def _send(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: dict[str, Any] | None,
    *,
    version: str | None = None,
) -> httpx.Response:
    """The same request, with the same key, again if a connection breaks: it has one effect."""
    headers = {"Idempotency-Key": str(uuid7()), **({"If-Match": version} if version else {})}
    for _ in range(RESENDS):
        with suppress(httpx.TransportError):
            return await client.request(method, path, json=body, headers=headers)
    return await client.request(method, path, json=body, headers=headers)


def _expect(answer: httpx.Response, *codes: int) -> None:
    if answer.status_code not in codes:
        path = answer.request.url.path
        raise Unexpected(
            f"{answer.request.method} {path}: {answer.status_code} {answer.text}",
            refused=answer.status_code == 409,
        )
