"""An issuer of tokens that is away, or answers with something else than its keys."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared import auth
from shared.auth import Authenticator, KeySet, KeySetUnreadable, Unauthorized, UserRole
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from shared.tokens import ensure_key, sign

ROLES = [UserRole.COORDINATOR]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issuer")
    ensure_key(folder)
    return folder


def settings(jwks: str) -> Settings:
    return Settings(database_url="postgresql+asyncpg://unused", jwks=jwks)


class Issuer:
    """Where the key set is read; ``answer`` is what is sent, and how long nothing is."""

    def __init__(self, folder: Path) -> None:
        self.body = (folder / "jwks.json").read_bytes()
        self.status, self.silent = "200 OK", False

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if self.silent:
            await reader.read()
        length = f"Content-Length: {len(self.body)}\r\nConnection: close\r\n\r\n"
        writer.write(f"HTTP/1.1 {self.status}\r\n{length}".encode() + self.body)
        await writer.drain()
        writer.close()


@pytest.fixture
async def issuer(folder: Path) -> AsyncIterator[tuple[Issuer, str]]:
    answer = Issuer(folder)
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield answer, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"
    server.close()


OUTAGES: dict[str, dict[str, Any]] = {
    "an error": {"status": "500 Internal Server Error"},
    "a page": {"body": b"<html>maintenance</html>"},
    "other JSON": {"body": b"[]"},
    "no keys": {"body": b'{"keys": []}'},
    "silence": {"silent": True},
}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
async def test_an_issuer_that_is_away_shuts_out_no_known_key_and_calls_no_other_foreign(
    issuer: tuple[Issuer, str],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    outage: dict[str, Any],
) -> None:
    monkeypatch.setattr(auth, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(auth, "KEEP_SECONDS", 0.0)
    server, url = issuer
    authenticator = Authenticator(settings(url))
    known, well = f"Bearer {sign(folder, ROLES)}", vars(server).copy()
    ensure_key(tmp_path)
    unknown = f"Bearer {sign(tmp_path, ROLES)}"
    assert await authenticator.principal(known)

    monkeypatch.setattr(auth, "READ_SECONDS", 0.3)
    vars(server).update(outage)

    assert await authenticator.principal(known)
    with pytest.raises(KeySetUnreadable):
        await authenticator.principal(unknown)
    monkeypatch.setattr(auth, "READ_SECONDS", 60.0)
    vars(server).update(well)
    with pytest.raises(Unauthorized, match="not one of the issuer's"):
        await authenticator.principal(unknown)


async def test_while_the_key_set_was_never_read_callers_are_told_to_try_again(
    probe: ServiceUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jwks = ensure_key(tmp_path)
    whole = jwks.read_text()
    jwks.write_text("null")
    monkeypatch.setattr(auth, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(probe.app.state.authenticator, "_keys", KeySet(str(jwks)))
    headers = {"Authorization": f"Bearer {sign(tmp_path, ROLES)}"}
    transport = httpx.ASGITransport(probe.app, raise_app_exceptions=False)

    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=headers
    ) as client:
        away = await client.post("/probe/say", json={})
        jwks.write_text(whole)
        back = await client.post("/probe/say", json={})

    assert (away.status_code, away.json()["type"]) == (503, "urn:dondoc:key-set-unreadable")
    assert "retry-after" in away.headers
    assert back.status_code != 503


async def test_keys_come_from_a_url(folder: Path, issuer: tuple[Issuer, str]) -> None:
    caller = await Authenticator(settings(issuer[1])).principal(f"Bearer {sign(folder, ROLES)}")

    assert caller.roles == {UserRole.COORDINATOR}


async def test_nobody_whose_key_is_known_waits_for_an_issuer_that_was_away_just_now(
    issuer: tuple[Issuer, str], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "REFRESH_SECONDS", 0.0)
    server, url = issuer
    authenticator = Authenticator(settings(url))
    keys = authenticator._keys
    known = f"Bearer {sign(folder, ROLES)}"
    assert await authenticator.principal(known)

    keys._read_at -= auth.KEEP_SECONDS
    server.status = "500 Internal Server Error"
    assert await authenticator.principal(known)

    monkeypatch.setattr(auth, "READ_SECONDS", 3600.0)
    server.silent = True
    for _ in range(3):
        assert await asyncio.wait_for(authenticator.principal(known), 60)

    assert keys._begun
    keys._begun.cancel()
    server.silent, server.status = False, "200 OK"
    server.body = ensure_key(tmp_path).read_bytes()
    while True:
        try:
            assert await asyncio.wait_for(authenticator.principal(known), 60)
        except Unauthorized:
            return
        await asyncio.wait([keys._begun])
