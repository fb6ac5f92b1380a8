"""Every password and key of a deployed site is changed while it works; nobody is refused."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import httpx
from aiokafka.conn import create_conn
from aiokafka.errors import SaslAuthenticationFailed

from deploy.access.rights import ADMIN, USUAL_MECHANISM, principals
from deploy.migrate import SERVICES
from deploy.secrets import new_password
from shared.auth import UserRole
from shared.credentials import Credential
from shared.tokens import sign
from tests.compose.actions import Offices
from tests.compose.site import IMAGES, ROOT, Site, site
from tests.e2e.load import drained
from tests.upgrade.town import Town


async def rotate(deployed: Site, *words: str) -> None:
    """``make rotate``."""
    argv = [sys.executable, "-m", "deploy.rotate", *words, "--env-file", str(IMAGES)]
    argv += ["--folder", str(deployed.secrets)]
    done = await asyncio.to_thread(
        subprocess.run, argv, cwd=ROOT, capture_output=True, text=True, timeout=600, env=os.environ
    )
    assert done.returncode == 0, done.stderr


def change(path: Path) -> None:
    """By hand, as an operator would."""
    path.chmod(0o644)
    path.write_text(new_password())
    path.chmod(0o444)


async def kafka_lets_in(deployed: Site, principal: str, told: Credential) -> bool:
    try:
        connection = await create_conn(
            "127.0.0.1",
            int(deployed.variables["DONDOC_KAFKA_PORT"]),
            security_protocol="SASL_PLAINTEXT",
            sasl_mechanism=told.login or USUAL_MECHANISM,
            sasl_plain_username=principal,
            sasl_plain_password=told.password,
        )
    except SaslAuthenticationFailed:
        return False
    connection.close()
    return True


def postgres_lets_in(deployed: Site, service: str, told: Credential) -> bool:
    psql = ("psql", "-h", "127.0.0.1", "-U", told.login or service, "-d", service, "-c", "select 1")
    words = ("exec", "-T", "-e", f"PGPASSWORD={told.password}", "postgres", *psql)
    return deployed.docker(*words, check=False).returncode == 0


def accepted(deployed: Site, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{deployed.url('budget')}/lines?limit=1"
    return httpx.get(url, headers=headers, timeout=30).status_code == 200


async def test_passwords_and_keys_are_changed_while_the_site_works(tmp_path: Path) -> None:
    with site(tmp_path) as deployed:
        deployed.up()
        deployed.docker("run", "--rm", "--no-deps", "-T", "register")
        users = [ADMIN, *principals()]
        roles = {**{one: f"postgres_{one}" for one in SERVICES}, "postgres": "postgres_admin"}
        names = [*roles.values()] + [f"kafka_{one}" for one in users]
        first = {name: deployed.credentials(name).used for name in names}
        old = sign(deployed.secrets, [UserRole.AUDITOR])
        town = Town(Offices(deployed))
        async with town.busy():
            await rotate(deployed, "keys")
            assert accepted(deployed, sign(deployed.secrets, [UserRole.AUDITOR]))
            assert accepted(deployed, old)
            await rotate(deployed, "subscriber")
            for told in deployed.credentials("kafka_subscriber").good:
                assert await kafka_lets_in(deployed, "subscriber", told)
            await rotate(deployed, "subscriber", "--end")
            await rotate(deployed, "database")
            await rotate(deployed, "database-admin")
            await rotate(deployed, "kafka")
            change(deployed.secrets / "kafka_controller")
            await rotate(deployed, "kafka-admin")  # which starts the broker anew

        await rotate(deployed, "keys", "--end")  # the town's own tokens are of the old key
        await drained(Offices(deployed), SERVICES)
        assert "lost=0 doubled=0 reordered=0" in deployed.verify()
        assert accepted(deployed, sign(deployed.secrets, [UserRole.AUDITOR]))
        assert not accepted(deployed, old)
        for role, name in roles.items():
            assert postgres_lets_in(deployed, role, deployed.credentials(name).used)
            assert not postgres_lets_in(deployed, role, first[name])
        assert deployed.docker("run", "--rm", "-T", "migrate").returncode == 0
        for principal in users:
            used = deployed.credentials(f"kafka_{principal}").used
            assert await kafka_lets_in(deployed, principal, used)
            assert not await kafka_lets_in(deployed, principal, first[f"kafka_{principal}"])
