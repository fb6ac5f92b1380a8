"""HEAD at the edge of the process, where no client hides a body that should not be there."""

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from shared.requests import HeadAsGet


async def answered(method: str) -> tuple[list[str], list[Message], Scope]:
    """The methods the application saw, the messages it sent, and the server's own scope."""
    seen: list[str] = []
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["method"])
        scope["route"] = "found"
        await StreamingResponse(iter([b"one", b"two"]))(scope, receive, send)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": method,
        "path": "/",
        "headers": [],
        "asgi": {"spec_version": "2.4"},
    }
    await HeadAsGet(app)(scope, receive, send)
    return seen, sent, scope


def body(messages: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in messages)


async def test_the_route_sees_a_get_and_the_server_a_head_without_a_body() -> None:
    seen, sent, scope = await answered("HEAD")

    assert seen == ["GET"]
    assert (sent[0]["status"], body(sent), sent[-1]["more_body"]) == (200, b"", False)
    assert (scope["method"], scope["route"]) == ("HEAD", "found")


async def test_a_get_keeps_its_body() -> None:
    seen, sent, _ = await answered("GET")

    assert (seen, body(sent)) == (["GET"], b"onetwo")
