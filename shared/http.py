"""What every route of every service does alike: one transaction, a role, strict input."""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth import Principal, UserRole
from shared.clock import local_date
from shared.codec import Unreadable, parse
from shared.database import Sessions, is_transient
from shared.errors import Forbidden, Malformed, Refused
from shared.idempotency import Replayed, remembered
from shared.problems import of_refusal, unavailable

E = TypeVar("E", bound=Callable[..., Any])


class Command(BaseModel):
    """The body of a change: nothing unknown, nothing converted (shared.types has the fields)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class DifferentContent(Refused):
    """Something with this id exists and was created with another body."""


class RoleMayNot(Forbidden):
    """The caller has none of the roles that may do this."""


class VersionMissing(Refused):
    """Send If-Match with the version from the ETag that you read."""

    status = 428


class VersionStale(Refused):
    """Somebody changed it since you read it; read it again."""

    status = 412


class TooManyAtOnce(Refused):
    """So many requests of yours are under way already; wait for answers before you send more."""

    status = 429


class UnknownParameter(Malformed):
    """The query has a parameter that this route does not know."""


class UnexpectedBody(Malformed):
    """This route takes no body: what it says would be passed over. Send none."""


MOST_AT_ONCE = 250
"""Requests of one caller that are under way in a process: memory has an end."""


class CommittedRefusal(Exception):
    """Answers with the refusal, but keeps what the transaction has done and published."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


PUT_LOCK = 0x50555421
"""First key of the advisory lock of a PUT; the second is the hash of its path."""

Prepare = Callable[[Request], Awaitable[None]]
_PREPARE = "dondoc_prepare"


def prepared_by(prepare: Prepare) -> Callable[[E], E]:
    """Let ``prepare`` do first, outside the transaction, what may take seconds.

    The caller is known by then and its role is not yet checked.
    """

    def marked(endpoint: E) -> E:
        setattr(endpoint, _PREPARE, prepare)
        return endpoint

    return marked


class _JsonRequest(Request):
    async def json(self) -> Any:
        try:
            return parse(await self.body())
        except Unreadable as error:
            raise HTTPException(422, str(error)) from error


class Route(APIRoute):
    """One transaction around the route, committed before the response leaves."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()
        known = {
            field.alias
            for field in get_flat_params(self.dependant)
            if isinstance(field.field_info, params.Query)
        }
        takes_json = self.body_field is not None
        takes_none = not takes_json and not {"GET", "HEAD"} & set(self.methods or ())
        prepare: Prepare | None = getattr(self.endpoint, _PREPARE, None)

        async def handle(plain: Request) -> Response:
            request = _JsonRequest(plain.scope, plain.receive)
            await _authenticate(request)
            _refuse_unknown(request, known)
            _refuse_encoded(request)
            if prepare is not None:
                await prepare(request)
            if takes_json:
                _refuse_other_media(request)
            elif takes_none and prepare is None:
                await _refuse_body(request)
            sessions: Sessions = request.app.state.sessions
            try:
                with _counted(request):
                    return await _in_transaction(sessions, request, original)
            except Exception as error:
                if is_transient(error):
                    return unavailable(request, error)
                raise

        return handle


@contextmanager
def _counted(request: Request) -> Iterator[None]:
    """One more under way for this caller; TooManyAtOnce instead of a queue without end."""
    under_way: Counter[str] = request.app.state.under_way
    subject = request.state.caller.subject
    if under_way[subject] >= MOST_AT_ONCE:
        raise TooManyAtOnce()
    under_way[subject] += 1
    try:
        yield
    finally:
        under_way[subject] -= 1
        if not under_way[subject]:
            del under_way[subject]


async def _in_transaction(
    sessions: Sessions,
    request: Request,
    original: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    async with sessions.begin() as session:
        request.state.session = session
        if request.method == "PUT":
            await _after_the_same_put(session, request)
        try:
            async with remembered(session, request) as memory:
                try:
                    response = await original(request)
                except CommittedRefusal as refused:
                    response = of_refusal(request, refused.refusal)
                await memory.keep(response)
        except Replayed as replayed:
            return replayed.response
    return response


async def _after_the_same_put(session: AsyncSession, request: Request) -> None:
    """Wait for another PUT of this path: what it made is then found, instead of made twice."""
    await request.body()  # first, or who sends slowly would keep a connection of the database
    lock = text("select pg_advisory_xact_lock(:put, hashtext(:path))")
    await session.execute(lock, {"put": PUT_LOCK, "path": request.url.path})


async def _authenticate(request: Request) -> None:
    authenticator = request.app.state.authenticator
    principal = await authenticator.principal(request.headers.get("authorization"))
    request.state.caller = principal


def _refuse_unknown(request: Request, known: set[str]) -> None:
    told = [request.url.path, *(value for _, value in request.query_params.multi_items())]
    if any("\x00" in text for text in told):
        raise HTTPException(422, "The address contains the character U+0000, which no text holds.")
    for name in request.query_params:
        if name not in known:
            allowed = ", ".join(sorted(known)) or "none"
            raise UnknownParameter(f"{name[:100]!r} is no parameter here; known: {allowed}.")


def _refuse_encoded(request: Request) -> None:
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "Send the body as it is, without a Content-Encoding.")


def _refuse_other_media(request: Request) -> None:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise HTTPException(415, "Send the body as application/json.")


async def _refuse_body(request: Request) -> None:
    if await request.body() not in (b"", b"{}"):
        raise UnexpectedBody


class Router(APIRouter):
    """An APIRouter whose routes are ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, **options)


# what routes depend on is async, though it waits for nothing: FastAPI runs anything else in a
# thread, which costs more than the function and waits while the loop is busy
async def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


_SIGN_IN = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="A token as `make -s token ROLE=…` prints it."
)
"""Only for the OpenAPI document, so that its page can sign in; the router has checked the token."""


async def _caller(request: Request, _: Annotated[object, Depends(_SIGN_IN)]) -> Principal:
    caller: Principal = request.state.caller
    return caller


async def _now(request: Request) -> datetime:
    now: datetime = request.app.state.clock.now()
    return now


async def _today(now: Annotated[datetime, Depends(_now)]) -> date:
    return local_date(now)


VERSION_NEEDED = "The ETag that you read; without it the answer is 428"


async def _if_match(
    if_match: Annotated[str | None, Header(max_length=40, description=VERSION_NEEDED)] = None,
) -> int:
    if if_match is None:
        raise VersionMissing()
    return version_of(if_match)


def version_of(if_match: str) -> int:
    """The version an ETag names; VersionStale for what is none."""
    number = if_match.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdecimal()):
        raise VersionStale('If-Match must be a version such as "3", as the ETag has it.')
    return int(number)


Session = Annotated[AsyncSession, Depends(_session)]
Caller = Annotated[Principal, Depends(_caller)]
Now = Annotated[datetime, Depends(_now)]
Today = Annotated[date, Depends(_today)]
IfMatch = Annotated[int, Depends(_if_match)]


def allow(*roles: UserRole) -> Any:
    """A dependency that refuses callers without one of these roles (403)."""

    async def check(caller: Caller) -> None:
        if not caller.may(*roles):
            needed = ", ".join(role.value for role in roles)
            raise RoleMayNot(f"This needs one of the roles {needed}.")

    return Depends(check)


def check_version(current: int, if_match: int) -> None:
    if current != if_match:
        raise VersionStale(
            f"It is at version {current}, you read {if_match}; read it again.", version=current
        )


def set_etag(response: Response, version: int) -> None:
    response.headers["ETag"] = f'"{version}"'


def answer_created(response: Response, created: bool) -> None:
    """201 for what is new, 200 for the same again."""
    response.status_code = 201 if created else 200


def fingerprint(command: BaseModel) -> str:
    """What a body says, in 64 hex digits; equal bodies have equal ones."""
    plain = command.model_dump(mode="json")
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()
