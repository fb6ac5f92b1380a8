"""The clerk of the issuing office: reads the letter, decides where it is silent, issues it."""

import json
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console

from deploy.local.errors import LocalError
from deploy.system import System
from shared.auth import UserRole
from shared.ids import uuid7

_HERE = Path(__file__).parent
LETTER = _HERE.parent.parent / "services" / "assignment" / "data" / "letters" / "6050_ubnd-kt.txt"
DECISIONS = _HERE / "decisions.json"


async def issue_letter(system: System, console: Console) -> UUID:
    """The letter's text in, an issued directive out; every decision is shown and marked."""
    async with system.client("assignment", UserRole.COORDINATOR, subject="clerk") as client:
        answer = await client.post(
            "/intake", content=LETTER.read_bytes(), headers={"Content-Type": "text/plain"}
        )
        proposal = _body(answer, 200, 201)
        _show_proposal(console, proposal)
        decided = _decided(proposal, console)
        version = answer.headers["etag"]
        answer = await client.patch(
            f"/intake/{proposal['id']}", json={"items": decided}, headers={"If-Match": version}
        )
        _body(answer, 200)
        directive_id = uuid7()
        path = f"/intake/{proposal['id']}/confirm"
        _body(await client.post(path, json={"directive_id": str(directive_id)}), 200)
        _body(await client.post(f"/directives/{directive_id}/issue"), 200)
    return directive_id


def _show_proposal(console: Console, proposal: dict[str, Any]) -> None:
    header = proposal["header"]
    console.print(
        f"[bold]Read:[/] {header['number_symbol']} of {header['date']}, {header['issuer']}:"
        f" {header['subject']} — {len(proposal['items'])} tasks, cites"
        f" {', '.join(proposal['citations'])}",
        highlight=False,
    )
    for item in sorted(proposal["items"], key=itemgetter("start")):
        who = ", ".join(item["named"]["lead"])
        when = item["time"]["raw"] if item["time"] else "no deadline in the letter"
        console.print(
            f"  [cyan]{item['path']:<5}[/] {item['text'][:70]}… [dim]{who[:80]} · {when}[/]",
            highlight=False,
            soft_wrap=True,
        )


def _decided(proposal: dict[str, Any], console: Console) -> list[dict[str, Any]]:
    console.print("[bold]Decided by the clerk[/], since the letter is silent:")
    changes = []
    for decision in json.loads(DECISIONS.read_text(encoding="utf-8")):
        item = _item(proposal, decision)
        changes.append({"id": item["id"], "decided": True, **decision["set"]})
        what = json.dumps(decision["set"])
        console.print(
            f"  [magenta]{decision['path']:<5}[/] {what} [dim]{decision['why']}[/]",
            highlight=False,
            soft_wrap=True,
        )
    return changes


def _item(proposal: dict[str, Any], decision: dict[str, Any]) -> dict[str, Any]:
    for item in proposal["items"]:
        if item["path"] == decision["path"] and decision["contains"] in item["text"]:
            found: dict[str, Any] = item
            return found
    raise LocalError(f"decisions.json: no item {decision['path']} with {decision['contains']!r}")


def _body(answer: httpx.Response, *codes: int) -> dict[str, Any]:
    if answer.status_code not in codes:
        raise LocalError(f"{answer.request.url.path}: {answer.status_code} {answer.text}")
    body: dict[str, Any] = answer.json()
    return body
