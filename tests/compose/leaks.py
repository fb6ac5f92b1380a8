"""What no log may hold: every password of a site, as it is and as the servers keep it."""

import base64
import re
import subprocess
from collections.abc import Iterator

from deploy.secrets import NAMES
from tests.compose.site import ROOT, Site

_ROLES = "select rolpassword from pg_authid where rolpassword is not null"
_VERIFIER = re.compile(r"SCRAM-SHA-256\$\d+:([^$]+)\$([^:]+):(.+)")
_CREDENTIAL = re.compile(rb"\x01\x0b\x00.([a-z]+)[\x01\x02]", re.DOTALL)
"""Frame, key and version of a UserScramCredentialRecord; its user; the mechanism."""


def leaked(site: Site, logs: str) -> list[str]:
    """Which secrets the text holds in any form."""
    return [name for name, secret in _secrets(site) if any(form in logs for form in _forms(secret))]


def _secrets(site: Site) -> Iterator[tuple[str, bytes]]:
    for name in NAMES:
        for told in site.credentials(name).good:
            yield name, told.password.encode()
    for number, kept in enumerate([*in_postgresql(), *in_kafka()]):
        yield f"salt or key {number}", kept


def _forms(secret: bytes) -> Iterator[str]:
    yield base64.b64encode(secret).decode().rstrip("=")
    yield base64.urlsafe_b64encode(secret).decode().rstrip("=")
    yield secret.hex()
    if secret.isascii() and secret.decode().isprintable():
        yield secret.decode()


def in_postgresql() -> list[bytes]:
    """Salt, stored key and server key of each role."""
    query = f'psql -h 127.0.0.1 -U postgres -Atc "{_ROLES}"'
    rows = _inside("postgres", f"PGPASSWORD=$(cat /run/secrets/postgres_admin) {query}")
    found = [_VERIFIER.fullmatch(row) for row in rows.decode().splitlines()]
    return [base64.b64decode(part) for one in found if one for part in one.groups()]


def in_kafka() -> list[bytes]:
    """Salt, stored key and server key of each user, from the cluster's own log."""
    data = "/var/lib/kafka/data"
    log = _inside("kafka", f"cat {data}/*.checkpoint {data}/__cluster_metadata-0/*.log")
    return [part for found in _CREDENTIAL.finditer(log) for part in _parts(log, found.end())]


def _inside(service: str, script: str) -> bytes:
    command = ["docker", "compose", "exec", "-T", service, "sh", "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=300, check=True).stdout


def _parts(log: bytes, place: int) -> Iterator[bytes]:
    for _ in range(3):
        end = place + log[place]  # Kafka's compact bytes: length + 1, then the bytes
        yield log[place + 1 : end]
        place = end
