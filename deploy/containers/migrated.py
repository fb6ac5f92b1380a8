"""Wait until a service's database has the migrations of this code: python -m … SERVICE

Kubernetes starts a service beside the job that migrates its database. A revision that this code
does not know is newer than it: an older image may still start there, as in an upgrade or on the
way back from one. Exit code 1 after a minute, 2 for settings that cannot be used.
"""

import asyncio
import sys
import time

import asyncpg
from alembic.script import ScriptDirectory
from pydantic import ValidationError

from deploy.migrate import SERVICES, config_for
from shared.codec import describe
from shared.database import connect_alone
from shared.restore_mark import RestoreUnfinished, refuse_marked
from shared.settings import Settings

WAIT_SECONDS = 60


def lacking(service: str, found: str | None) -> str | None:
    """What a database at the revision ``found`` lacks; None if this code can use it."""
    script = ScriptDirectory.from_config(config_for(service, "postgresql+asyncpg://unused"))
    head = script.get_current_head()
    known = {one.revision for one in script.walk_revisions()}
    if found is None:
        return "no migration was run"
    if found in known - {head}:
        return f"its migrations end at {found}, this code needs {head}"
    return None


async def revision(settings: Settings) -> str | None:
    """Of the database; None if nothing has migrated it yet. RestoreUnfinished says so."""
    connection = await connect_alone(settings, "migrated")
    try:
        await refuse_marked(connection)
        found: str | None = await connection.fetchval("select version_num from alembic_version")
        return found
    except asyncpg.UndefinedTableError:
        return None
    finally:
        connection.terminate()


async def wait(service: str, settings: Settings, seconds: float) -> str | None:
    """None once the database is as it should be; after ``seconds``, what it still lacks."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            lacks = lacking(service, await revision(settings))
        except RestoreUnfinished as error:
            lacks = str(error)
        except (OSError, asyncpg.PostgresError) as error:
            lacks = f"it does not answer: {error}"
        if lacks is None or time.monotonic() > deadline:
            return lacks
        await asyncio.sleep(0.5)


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in SERVICES:
        print(f"migrated: name one of {', '.join(SERVICES)}", file=sys.stderr)
        return 2
    try:
        settings = Settings()
    except ValidationError as error:
        print(f"migrated: wrong settings (DONDOC_…): {describe(error)}", file=sys.stderr)
        return 2
    lacks = asyncio.run(wait(sys.argv[1], settings, WAIT_SECONDS))
    if lacks is not None:
        print(f"migrated: the database of {sys.argv[1]}: {lacks}", file=sys.stderr)
    return 1 if lacks else 0


if __name__ == "__main__":
    sys.exit(main())
