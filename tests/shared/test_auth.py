"""Tokens: what is accepted, and the attacks of bad-inputs 21 and 22."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from shared import auth
from shared.auth import Authenticator, Unauthorized, UserRole
from shared.settings import Settings
from shared.testing import ServiceUnderTest
from shared.tokens import (
    LAST,
    SIGNING,
    announce_key,
    ensure_key,
    key_id,
    sign,
    switch_key,
    withdraw_key,
)

ROLES = [UserRole.COORDINATOR]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issuer")
    ensure_key(folder)
    return folder


def settings(jwks: str) -> Settings:
    return Settings(database_url="postgresql+asyncpg://unused", jwks=jwks)


@pytest.fixture
def authenticator(folder: Path) -> Authenticator:
    return Authenticator(settings(str(folder / "jwks.json")))


async def refusal(authenticator: Authenticator, token: str | None) -> str:
    header = None if token is None else f"Bearer {token}"
    with pytest.raises(Unauthorized) as refused:
        await authenticator.principal(header)
    return str(refused.value)


async def test_a_good_token_says_who_calls(authenticator: Authenticator, folder: Path) -> None:
    token = sign(folder, [UserRole.AGENCY], agency="HN-SCT", subject="lan", name="Lan")

    caller = await authenticator.principal(f"Bearer {token}")

    assert (caller.subject, caller.name, caller.agency) == ("lan", "Lan", "HN-SCT")
    assert caller.roles == {UserRole.AGENCY}
    assert caller.only_agency == "HN-SCT"


async def test_a_wider_role_sees_every_agency(authenticator: Authenticator, folder: Path) -> None:
    token = sign(folder, [UserRole.AGENCY, UserRole.AUDITOR], agency="HN-SCT")

    assert (await authenticator.principal(f"Bearer {token}")).only_agency is None


@pytest.mark.parametrize("claim", ["exp", "iss", "aud", "sub"])
async def test_a_token_must_have_each_claim(
    authenticator: Authenticator, folder: Path, claim: str
) -> None:
    claims = jwt.decode(sign(folder, ROLES), options={"verify_signature": False})
    del claims[claim]
    token = jwt.encode(
        claims, (folder / "signing.pem").read_bytes(), "EdDSA", headers={"kid": key_id(folder)}
    )

    assert claim in await refusal(authenticator, token)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": 1_000_000_000}, "expired"),
        ({"nbf": 9_000_000_000}, "not yet valid"),
        ({"aud": "elsewhere"}, "Audience"),
        ({"iss": "somebody"}, "issuer"),
        ({"roles": "coordinator"}, "list of roles"),
        ({"roles": None}, "list of roles"),
        ({"roles": ["agency", {}]}, "claim agency"),
        ({"sub": "lan\0"}, "subject"),
        ({"sub": " "}, "subject"),
        ({"roles": ["agency"]}, "claim agency"),
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(
    authenticator: Authenticator, folder: Path, claims: dict[str, Any], why: str
) -> None:
    assert why.lower() in (await refusal(authenticator, sign(folder, ROLES, **claims))).lower()


def forged(header: dict[str, Any], claims: dict[str, Any], key: bytes | None) -> str:
    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    body = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    seal = b"" if key is None else hmac.new(key, body.encode(), hashlib.sha256).digest()
    return f"{body}.{part(seal)}"


GOOD = {"iss": "dondoc", "aud": "dondoc", "sub": "x", "roles": ["operator"], "exp": 9_000_000_000}


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "ES256"])
async def test_other_algorithms_are_refused(
    authenticator: Authenticator, folder: Path, alg: str
) -> None:
    public = (folder / "jwks.json").read_bytes()
    token = forged(
        {"alg": alg, "kid": key_id(folder)}, GOOD, None if alg.lower() == "none" else public
    )

    await refusal(authenticator, token)


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' or 1=1", "", "x" * 5000, 7, None])
async def test_an_unknown_key_id_is_refused(authenticator: Authenticator, kid: object) -> None:
    await refusal(authenticator, forged({"alg": "EdDSA", "kid": kid}, GOOD, b"k"))


async def test_a_key_named_by_the_token_itself_is_never_fetched(
    authenticator: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr(httpx.AsyncClient, "get", lambda _self, url, **_: fetched.append(str(url)))
    own = Ed25519PrivateKey.generate()
    jwk = OKPAlgorithm.to_jwk(own.public_key(), as_dict=True)
    headers = {"kid": "mine", "jku": "http://127.0.0.1:1/jwks", "jwk": jwk}
    token = jwt.encode(GOOD, own, "EdDSA", headers=headers)

    await refusal(authenticator, token)

    assert fetched == []


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Bearer a.b", "Bearer ü"])
async def test_what_is_no_token_is_refused(
    authenticator: Authenticator, header: str | None
) -> None:
    with pytest.raises(Unauthorized):
        await authenticator.principal(header)


async def test_rs256_is_accepted(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "r", "alg": "RS256"}
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [jwk]}))
    token = jwt.encode(GOOD, key, "RS256", headers={"kid": "r"})

    caller = await Authenticator(settings(str(tmp_path / "jwks.json"))).principal(f"Bearer {token}")

    assert caller.roles == {UserRole.OPERATOR}


async def test_a_new_key_is_found_by_its_unknown_id_but_not_read_at_every_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "REFRESH_SECONDS", 3600.0)
    old, new = tmp_path / "old", tmp_path / "new"
    jwks = ensure_key(old)
    ensure_key(new)
    authenticator = Authenticator(settings(str(jwks)))
    await authenticator.principal(f"Bearer {sign(old, ROLES)}")
    jwks.write_text((new / "jwks.json").read_text())
    token = sign(new, ROLES)

    await refusal(authenticator, token)
    monkeypatch.setattr(auth, "REFRESH_SECONDS", 0.0)

    assert await authenticator.principal(f"Bearer {token}")


async def test_while_the_key_is_changed_tokens_of_both_are_good_and_afterwards_the_new_ones_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(auth, "KEEP_SECONDS", 0.0)
    authenticator = Authenticator(settings(str(ensure_key(tmp_path))))
    old = sign(tmp_path, ROLES)

    announce_key(tmp_path)
    still_old = sign(tmp_path, ROLES)
    switch_key(tmp_path)
    new = sign(tmp_path, ROLES)
    for token in (old, still_old, new):
        assert await authenticator.principal(f"Bearer {token}")
    assert withdraw_key(tmp_path)

    assert await authenticator.principal(f"Bearer {new}")
    for token in (old, still_old):
        assert "not one of the issuer's" in await refusal(authenticator, token)


async def test_a_withdrawn_key_is_good_until_the_key_set_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "REFRESH_SECONDS", 0.0)
    authenticator = Authenticator(settings(str(ensure_key(tmp_path))))
    token = sign(tmp_path, ROLES)
    assert await authenticator.principal(f"Bearer {token}")
    announce_key(tmp_path)
    switch_key(tmp_path)
    withdraw_key(tmp_path)

    assert await authenticator.principal(f"Bearer {token}")
    monkeypatch.setattr(auth, "KEEP_SECONDS", 0.0)

    await refusal(authenticator, token)


async def test_keys_that_cannot_be_read_again_stay_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(auth, "KEEP_SECONDS", 0.0)
    jwks = ensure_key(tmp_path)
    authenticator = Authenticator(settings(str(jwks)))
    token = sign(tmp_path, ROLES)
    assert await authenticator.principal(f"Bearer {token}")

    jwks.unlink()

    assert await authenticator.principal(f"Bearer {token}")


@pytest.mark.parametrize("stopped_after", ["nothing", "link", "switch"])
async def test_a_change_of_key_that_was_stopped_goes_on(tmp_path: Path, stopped_after: str) -> None:
    jwks = ensure_key(tmp_path)
    old = key_id(tmp_path)
    announce_key(tmp_path)
    if stopped_after == "link":
        (tmp_path / LAST).hardlink_to(tmp_path / SIGNING)
    if stopped_after == "switch":
        switch_key(tmp_path)

    announce_key(tmp_path)
    switch_key(tmp_path)

    assert old != key_id(tmp_path)
    assert {key["kid"] for key in json.loads(jwks.read_text())["keys"]} == {old, key_id(tmp_path)}


async def test_every_route_but_health_and_metrics_needs_a_token(probe: ServiceUnderTest) -> None:
    open_paths = {
        "/health/live",
        "/health/ready",
        "/metrics",
        "/asyncapi.json",
        "/openapi.json",
        "/docs",
    }
    transport = httpx.ASGITransport(probe.app, raise_app_exceptions=False)

    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for path, operations in probe.app.openapi()["paths"].items():
            for method, operation in operations.items():
                assert operation["security"] == [{"HTTPBearer": []}], path
                answer = await client.request(method, path.replace("{letter_id}", "1"))
                assert answer.status_code == 401, path
                assert answer.headers["www-authenticate"] == "Bearer"
        for path in open_paths:
            assert (await client.get(path)).status_code in (200, 503), path
