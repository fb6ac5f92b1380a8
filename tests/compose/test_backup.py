"""A site in containers that loses its databases gets them back from its back-up."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from deploy.migrate import SERVICES
from shared.auth import UserRole
from tests.compose.actions import issue_6050, load_on, until
from tests.compose.site import Site, site

HOLDS = "lost=0 doubled=0 reordered=0"


def job(deployed: Site, *words: str) -> tuple[int, str]:
    """A job's exit code and the line that says what it did."""
    done = deployed.docker("run", "--rm", "--no-deps", "-T", *words, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    told = [line for line in lines if line.startswith(("backup: ", "restore: ", "restored; "))]
    assert len(told) == 1, lines
    return done.returncode, told[0]


def tasks(deployed: Site) -> list[str]:
    with deployed.client("assignment", UserRole.AUDITOR) as auditor:
        found = auditor.get("/tasks?limit=200").raise_for_status().json()["items"]
    return sorted(one["id"] for one in found)


def lines(deployed: Site, year: int) -> list[str]:
    with deployed.client("budget", UserRole.AUDITOR) as auditor:
        found = auditor.get(f"/lines?fiscal_year={year}").raise_for_status().json()["items"]
    return [one["id"] for one in found]


def test_databases_that_are_lost_come_back(tmp_path: Path) -> None:
    with site(tmp_path) as deployed:
        deployed.up()
        deployed.docker("run", "--rm", "--no-deps", "-T", "register")
        issue_6050(deployed)
        before = until(lambda: tasks(deployed))
        code, said = job(deployed, "backup")
        assert code == 0, said
        folder = said.removeprefix("backup: ")
        until(lambda: lines(deployed, datetime.now(UTC).year))  # sweeps said more since
        until(lambda: HOLDS in deployed.verify())

        code, said = job(deployed, "restore", folder)
        assert code == 1
        assert said.startswith("restore: ")
        assert said.endswith("stop the services first")

        deployed.docker("stop", *SERVICES)
        deployed.docker("rm", "-f", "-s", "postgres")
        volume = f"{deployed.variables['COMPOSE_PROJECT_NAME']}_postgres"
        subprocess.run(["docker", "volume", "rm", volume], check=True, timeout=300)
        deployed.docker("up", "-d", "--wait", "postgres")
        deployed.docker("run", "--rm", "--no-deps", "-T", "migrate")
        code, said = job(deployed, "restore", folder)
        assert code == 0, said
        assert said.startswith(f"restored; {folder}/unknown-")

        deployed.docker("up", "-d", "--wait", *SERVICES)
        assert tasks(deployed) == before
        with load_on(deployed) as load:
            until(lambda: load.directives > 2)
        until(lambda: HOLDS in deployed.verify())
