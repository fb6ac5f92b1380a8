"""Who calls: bearer tokens, the roles they carry, and what each role may see."""

import asyncio
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import jwt
import structlog
from jwt import PyJWK, PyJWKSet

from shared.error_words import words_of
from shared.errors import Refused
from shared.settings import Settings

log = structlog.get_logger()

ALGORITHMS = ("EdDSA", "RS256")
REFRESH_SECONDS = 10.0
"""An unknown key id makes the key set be read again, at most this often."""
KEEP_SECONDS = 300.0
"""For so long a key set is taken as read: a key withdrawn from it is refused after that."""
READ_SECONDS = 5.0


class UserRole(StrEnum):
    """What a person may do (docs/api: roles)."""

    COORDINATOR = "coordinator"
    AGENCY = "agency"
    BUDGET = "budget"
    AUDITOR = "auditor"
    OPERATOR = "operator"


class Unauthorized(Exception):
    """No token, or none that we accept (401). The reason is for the log and the caller."""


class KeySetUnreadable(Refused):
    """The keys that tokens are checked with cannot be read just now: try again."""

    status = 503


@dataclass(frozen=True)
class Principal:
    """The person or system behind a request. ``agency`` is set for the role agency only."""

    subject: str
    name: str
    roles: frozenset[UserRole]
    agency: str | None = None

    def may(self, *roles: UserRole) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def only_agency(self) -> str | None:
        """The one agency whose rows this caller may see; None if it may see every agency's."""
        wider = {UserRole.COORDINATOR, UserRole.AUDITOR, UserRole.BUDGET}
        return None if self.roles & wider else self.agency


class KeySet:
    """The public keys of the token issuer, from a file or URL.

    Read again for an unknown key id, and when it is old. What can no longer be read stays valid:
    an issuer that is away for a while shuts out nobody whose key is known. Of any other key nobody
    can say then whether it is the issuer's.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._keys: dict[str, PyJWK] = {}
        self._tried_at = -REFRESH_SECONDS
        self._read_at = -KEEP_SECONDS
        self._unreadable = False
        self._reading = asyncio.Lock()
        self._begun: asyncio.Task[None] | None = None

    async def key(self, key_id: str) -> PyJWK:
        if key_id in self._keys and self._was_just_unreadable():
            self._begin_reading()
        elif key_id not in self._keys or (self._is_old() and not self._reading.locked()):
            await self._read_if_due(key_id)
        if key_id in self._keys:
            return self._keys[key_id]
        if self._unreadable:
            raise KeySetUnreadable
        raise Unauthorized("the token's key id (kid) is not one of the issuer's")

    def _was_just_unreadable(self) -> bool:
        """Then nobody whose key is known waits for another try."""
        return self._unreadable and time.monotonic() - self._tried_at < KEEP_SECONDS

    def _begin_reading(self) -> None:
        if self._may_read() and (self._begun is None or self._begun.done()):
            self._begun = asyncio.create_task(self._read_if_due(None))

    async def _read_if_due(self, key_id: str | None) -> None:
        async with self._reading:
            if (key_id not in self._keys or self._is_old()) and self._may_read():
                await self._read()

    def _is_old(self) -> bool:
        return time.monotonic() - self._read_at >= KEEP_SECONDS

    def _may_read(self) -> bool:
        return time.monotonic() - self._tried_at >= REFRESH_SECONDS

    async def _read(self) -> None:
        self._tried_at = now = time.monotonic()
        try:
            async with asyncio.timeout(READ_SECONDS):
                keys = PyJWKSet.from_json(await self._fetch()).keys
        except (OSError, jwt.PyJWTError, ValueError, AttributeError) as error:
            self._unreadable = True
            log.error("key_set_unreadable", source=self._source, error=words_of(error))
            return
        self._keys = {key.key_id: key for key in keys if key.key_id}
        self._read_at, self._unreadable = now, False

    async def _fetch(self) -> str:
        if self._source.startswith(("http://", "https://")):
            return await _download(self._source)
        return await asyncio.to_thread(Path(self._source).read_text)


async def _download(url: str) -> str:
    """OSError where nobody answers, or with something else."""
    import httpx  # a tenth of a second and six megabytes, and most sites name a file

    try:
        async with httpx.AsyncClient(timeout=READ_SECONDS, follow_redirects=False) as client:
            answer = await client.get(url)
            answer.raise_for_status()
    except httpx.HTTPError as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    return answer.text


class Authenticator:
    """Turns a bearer token into a principal, or says why not."""

    def __init__(self, settings: Settings) -> None:
        self._keys = KeySet(settings.jwks)
        self._issuer = settings.token_issuer
        self._audience = settings.token_audience

    async def principal(self, authorization: str | None) -> Principal:
        """The caller; Unauthorized for anything but a valid, unexpired, signed access token."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorized("send a bearer token in the Authorization header")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise Unauthorized("the token must be signed with EdDSA or RS256")
            key = await self._keys.key(str(header.get("kid", "")))
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm_name],
                audience=self._audience,
                issuer=self._issuer,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise Unauthorized(f"the token is not valid: {error}") from error
        return _principal(claims)


def _principal(claims: dict[str, Any]) -> Principal:
    told = claims.get("roles")
    if not isinstance(told, list):
        raise Unauthorized("the token has no list of roles; is it an ID token?")
    roles = frozenset(UserRole(role) for role in told if role in [*UserRole])
    agency = claims.get("agency")
    if UserRole.AGENCY in roles and not isinstance(agency, str):
        raise Unauthorized("the role agency needs the claim agency with a code")
    subject = str(claims["sub"])
    if not subject.isprintable() or not subject.strip():
        raise Unauthorized("the token's subject (sub) is empty or has signs that no name has")
    name = str(claims.get("name") or subject)
    return Principal(
        subject=subject,
        name=name,
        roles=roles,
        agency=agency if UserRole.AGENCY in roles else None,
    )
