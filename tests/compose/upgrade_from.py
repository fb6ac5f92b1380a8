"""A site of an earlier commit is upgraded to what is here, goes back, and is upgraded again.

python -m tests.compose.upgrade_from [--look] [COMMIT]

The documented way, under load, with the files and the image `dondoc` of that commit (PostgreSQL and
Kafka are of today's images); without COMMIT of the one before the newest migration. Needs the
images of `make images` and the history. Exit code 1 if an event was lost or a service did not go
on, 2 if there is no such commit.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
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
COMPOSE = ("docker", "compose", "--env-file", str(IMAGES))


class Earlier:
    """The tree of a commit, and its image."""

    def __init__(self, commit: str, folder: Path) -> None:
        self.folder, self.image = folder, f"dondoc:{commit}"
        archive = _run("git", "archive", commit)
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        override = folder / "image.yml"
        override.write_text(f"services: {{dondoc: {{image: '{self.image}'}}}}\n")
        files = ("-f", "deploy/images.yml", "-f", override.name)
        _run("docker", "compose", *files, "build", "-q", "dondoc", cwd=folder)

    def docker(self, *words: str) -> None:
        _run(*COMPOSE, *words, cwd=self.folder, variables={"DONDOC_IMAGE": self.image})

    def end(self) -> None:
        _run("docker", "rmi", "-f", self.image)


def _run(*words: str, cwd: Path = ROOT, variables: Mapping[str, str] | None = None) -> bytes:
    """Standard output; LocalError with the last line of what it complained of."""
    done = subprocess.run(
        words, cwd=cwd, env={**os.environ, **(variables or {})}, capture_output=True
    )
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise LocalError(f"{' '.join(words[:3])}: {' '.join(last)}")
    return done.stdout


async def there_and_back(here: Site, earlier: Earlier) -> None:
    """Under load; each time somebody's letters and reports go on before the next."""
    town = Town(Offices(here))

    async def up(what: str, image: str | None) -> None:
        variables = {"DONDOC_IMAGE": image} if image else {}
        await asyncio.to_thread(lambda: _run(*COMPOSE, "up", "-d", "--wait", variables=variables))
        await until(town.has_gone_on(), PATIENCE)
        print(f"{what}: {await asyncio.to_thread(here.verify)}", flush=True)

    async with town.busy():
        await until(town.has_reported(3), PATIENCE)
        await up("upgraded", None)
        await up("back", earlier.image)
        await up("upgraded again", None)
    await drained(Offices(here), SERVICES, PATIENCE)
    print(f"at rest: {here.verify()}")


def commit_of(name: str | None) -> str:
    """Its short name; LocalError if there is none, or no history."""
    migrations = ("--", "services/*/migrations/versions/*.py")
    newest = name or _run("git", "log", "-1", "--format=%h^", *migrations).decode().strip()
    return (
        _run("git", "rev-parse", "--short", "--verify", "-q", f"{newest}^{{commit}}")
        .decode()
        .strip()
    )


def upgraded_from(commit: str) -> None:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder) / "site") as here:
        tree = Path(folder) / "tree"
        tree.mkdir()
        earlier = Earlier(commit, tree)
        try:
            earlier.docker("up", "-d", "--wait")
            earlier.docker("run", "--rm", "--no-deps", "-T", "register")
            asyncio.run(there_and_back(here, earlier))
        finally:
            earlier.end()


def causes(error: BaseException) -> list[str]:
    """A line each; a task group says nothing of its own."""
    if isinstance(error, BaseExceptionGroup):
        return [line for one in error.exceptions for line in causes(one)]
    return [str(error) or type(error).__name__]


def main() -> int:
    parser = Arguments("upgrade_from", __doc__)
    parser.add_argument("commit", nargs="?")
    parser.add_argument("--look", action="store_true", help="only whether there is such a commit")
    options = parser.parse_args()
    given = options.commit
    try:
        commit = commit_of(given)
    except LocalError:
        where = given or "before the newest migration"
        told = f"no commit {where} in this history; a shallow clone: git fetch --unshallow"
        print(f"upgrade_from: {told}", file=sys.stderr)
        return 2
    if options.look:
        return 0
    print(f"from {commit}", flush=True)
    try:
        upgraded_from(commit)
    except (LocalError, AssertionError, TimeoutError, ExceptionGroup) as error:
        for line in causes(error):
            print(f"upgrade_from: {line}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("upgrade_from: stopped; nothing of it is left", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
