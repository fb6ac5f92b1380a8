"""A site of an earlier commit is upgraded to what is here, goes back, and is upgraded again.

python -m tests.compose.upgrade_from COMMIT

The documented way, under load, with the files and the image `dondoc` of that commit (PostgreSQL and
Kafka are of today's images). Needs the images of `make images` and the commit's history. Exit code
1 if an event was lost or a service did not go on.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.migrate import SERVICES
from shared.arguments import Arguments
from tests.compose.actions import Offices
from tests.compose.site import IMAGES, ROOT, Site, site
from tests.deploy.waiting import until
from tests.e2e.load import drained
from tests.upgrade.town import Town

PATIENCE = 400
BUNDLE = os.environ.get("CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt")
BASE = os.environ.get("BASE", "debian:bookworm-slim")


class Earlier:
    """The tree of a commit, and its image."""

    def __init__(self, commit: str, folder: Path) -> None:
        self.folder, self.image = folder, f"dondoc:{commit}"
        archive = _run("git", "archive", commit, cwd=ROOT)
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        build = ("docker", "build", "-q", "--target", "dondoc", "-t", self.image)
        _run(
            *(*build, "-f", "deploy/Dockerfile", "--build-arg", f"BASE={BASE}"),
            *("--secret", f"id=ca,src={BUNDLE}", "."),
            cwd=folder,
            DOCKER_BUILDKIT="1",
        )

    def docker(self, *words: str) -> None:
        compose = ("docker", "compose", "--env-file", str(IMAGES))
        _run(*compose, *words, cwd=self.folder, DONDOC_IMAGE=self.image)


def _run(*words: str, cwd: Path, **variables: str) -> bytes:
    """Standard output; LocalError with the last line of what it complained of."""
    done = subprocess.run(words, cwd=cwd, env={**os.environ, **variables}, capture_output=True)
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise LocalError(f"{' '.join(words[:3])}: {' '.join(last)}")
    return done.stdout


async def there_and_back(here: Site, earlier: Earlier) -> None:
    town = Town(Offices(here))

    async def up(what: str, image: str | None) -> None:
        variables = {"DONDOC_IMAGE": image} if image else {}
        words = ("docker", "compose", "--env-file", str(IMAGES), "up", "-d", "--wait")
        await asyncio.to_thread(lambda: _run(*words, cwd=ROOT, **variables))
        await until(town.has_gone_on(), PATIENCE)
        print(f"{what}: {await asyncio.to_thread(here.verify)}", flush=True)

    async with town.busy():
        await until(town.has_reported(3), PATIENCE)
        await up("upgraded", None)
        await up("back", earlier.image)
        await up("upgraded again", None)
    await drained(Offices(here), SERVICES, PATIENCE)
    print(f"at rest: {here.verify()}")


def main() -> int:
    parser = Arguments("upgrade_from", __doc__)
    parser.add_argument("commit")
    commit = parser.parse_args().commit
    try:
        with tempfile.TemporaryDirectory() as folder, site(Path(folder) / "site") as here:
            tree = Path(folder) / "tree"
            tree.mkdir()
            earlier = Earlier(commit, tree)
            earlier.docker("up", "-d", "--wait")
            earlier.docker("run", "--rm", "--no-deps", "-T", "register")
            asyncio.run(there_and_back(here, earlier))
    except (LocalError, AssertionError, TimeoutError, ExceptionGroup) as error:
        print(f"upgrade_from: {str(error) or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
