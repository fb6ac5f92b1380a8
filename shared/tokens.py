"""Signing keys and tokens for trying out and for tests; a site's own issuer replaces them."""

import hashlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm
from jwt.utils import base64url_encode

from shared.auth import UserRole
from shared.files import write_whole

SIGNING, NEXT, LAST = "signing.pem", "signing_next.pem", "signing_last.pem"
"""The key that signs; while it is changed, the one that soon will, or the one that just did."""


def ensure_key(folder: Path) -> Path:
    """Make ``signing.pem`` (readable by its owner only) and ``jwks.json``; return the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / SIGNING).exists():
        _make(folder / SIGNING)
    return _publish(folder)


def announce_key(folder: Path) -> None:
    """Publish the next key beside the one that signs. After a switch or twice: no other one."""
    if not (folder / LAST).exists() and not (folder / NEXT).exists():
        _make(folder / NEXT)
    _publish(folder)


def switch_key(folder: Path) -> None:
    """Sign with the announced key from now on; the last one stays published."""
    if (folder / NEXT).exists():
        (folder / LAST).unlink(missing_ok=True)
        os.link(folder / SIGNING, folder / LAST)
        (folder / NEXT).replace(folder / SIGNING)
    _publish(folder)


def withdraw_key(folder: Path) -> bool:
    """Publish the last key no longer; whether there was one."""
    there = (folder / LAST).exists()
    (folder / LAST).unlink(missing_ok=True)
    _publish(folder)
    return there


def key_id(folder: Path) -> str:
    """What the key that signs is called in the key set and in its tokens."""
    return str(_public(folder / SIGNING)["kid"])


def sign(
    folder: Path,
    roles: Sequence[UserRole],
    /,
    *,
    agency: str | None = None,
    subject: str | None = None,
    name: str | None = None,
    seconds: int = 86_400,
    **claims: object,
) -> str:
    """A bearer token for these roles, valid for so many real seconds."""
    now = int(time.time())
    subject = subject or "-".join([*roles, *([agency] if agency else [])])
    body = {
        "iss": "dondoc",
        "aud": "dondoc",
        "sub": subject,
        "name": name or subject,
        "roles": [str(role) for role in roles],
        "iat": now,
        "exp": now + seconds,
        **({"agency": agency} if agency else {}),
        **claims,
    }
    key = _load(folder / SIGNING)
    return jwt.encode(body, key, "EdDSA", headers={"kid": _public_of(key)["kid"]})


def _make(path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_whole(path, pem.decode(), mode=0o600)


def _publish(folder: Path) -> Path:
    """Written in place, and only when it changes: a container sees the file, not its name."""
    public = folder / "jwks.json"
    private = (folder / name for name in (SIGNING, NEXT, LAST))
    keys = {key["kid"]: key for key in map(_public, private) if key}
    text = json.dumps({"keys": list(keys.values())})
    if not public.exists() or public.read_text() != text:
        public.touch(mode=0o644)
        public.chmod(0o644)
        public.write_text(text)
    return public


def _public(private: Path) -> dict[str, Any]:
    """The key as a key set has it, named by its thumbprint (RFC 7638); empty if not there."""
    if not private.exists():
        return {}
    return _public_of(_load(private))


def _public_of(key: Ed25519PrivateKey) -> dict[str, Any]:
    jwk = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    named = json.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, separators=(",", ":"))
    kid = base64url_encode(hashlib.sha256(named.encode()).digest()).decode()
    return {**jwk, "kid": kid, "use": "sig", "alg": "EdDSA"}


def _load(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key
