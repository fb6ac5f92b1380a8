"""Signing keys and tokens for trying out and for tests; a site's own issuer replaces them."""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm

from shared.auth import UserRole

KEY_ID = "local-1"


def ensure_key(folder: Path) -> Path:
    """Make ``signing.pem`` (readable by its owner only) and ``jwks.json``; return the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    private, public = folder / "signing.pem", folder / "jwks.json"
    if not private.exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
    key = _load(private)
    jwk = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    document = {"keys": [{**jwk, "kid": KEY_ID, "use": "sig", "alg": "EdDSA"}]}
    public.write_text(json.dumps(document))
    return public


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
    return jwt.encode(body, _load(folder / "signing.pem"), "EdDSA", headers={"kid": KEY_ID})


def _load(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key
