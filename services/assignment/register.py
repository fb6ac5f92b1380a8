"""Load the register of agencies: python -m services.assignment.register [--file CSV]

Without --file the register of Hà Nội as of October 2016, its groups, and the calendar's
overrides. Repeatable: only what differs is changed and published.
"""

import asyncio
import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from services.assignment.commands.agencies import (
    AgencyRecord,
    GroupRecord,
    SetDay,
    record_agencies,
    record_groups,
    set_day,
)
from shared.arguments import Arguments
from shared.codec import describe
from shared.database import Sessions, create_engine, create_sessions
from shared.errors import Refused
from shared.logging import configure_command
from shared.settings import Settings
from shared.types import AgencyCode, Line

DATA = Path(__file__).parent / "data"
HA_NOI_2016 = DATA / "hanoi_agencies_2016.csv"

_CODE = TypeAdapter(AgencyCode)
_LINE = TypeAdapter(Line)


class BrokenRegister(ValueError):
    """The file is no register; the text says which line and why."""


def read_agencies(path: Path) -> list[AgencyRecord]:
    """The agencies of a CSV file; BrokenRegister names the line that is wrong."""
    return [_agency(row, f"{path.name}, line {number}") for number, row in _rows(path)]


def _agency(row: dict[str, str], where: str) -> AgencyRecord:
    try:
        return AgencyRecord(
            code=_CODE.validate_python(row["code"]),
            name=_LINE.validate_python(row["name"]),
            short_name=_LINE.validate_python(row["short_name"] or row["name"]),
            aliases=[one for one in row["aliases"].split("|") if one],
            kind=row["kind"],
            groups=[one for one in row["groups"].split("|") if one],
            parent=row["parent"] or None,
            gso_code=row["gso_code"] or None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
    except KeyError as error:
        raise BrokenRegister(f"{where}: the column {error} is missing") from error
    except ValidationError as error:
        raise BrokenRegister(f"{where}: {describe(error)}") from error
    except (ValueError, AttributeError) as error:
        raise BrokenRegister(f"{where}: {error}") from error


def read_groups(path: Path) -> list[GroupRecord]:
    return [
        GroupRecord(
            row["code"],
            row["name"],
            row["open"] == "yes",
            [one for one in row["phrases"].split("|") if one],
        )
        for _, row in _rows(path)
    ]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from enumerate(csv.DictReader(file), start=2)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BrokenRegister(f"{path}: {error}") from error


async def load(
    sessions: Sessions, agencies: Sequence[AgencyRecord], groups: Sequence[GroupRecord]
) -> int:
    """All in one transaction; returns how many agencies were new or changed."""
    async with sessions.begin() as session:
        await record_groups(session, groups)
        changed = await record_agencies(session, agencies)
        for _, row in _rows(DATA / "calendar_overrides.csv"):
            told = SetDay(works=row["works"] == "yes", source=row["source"])
            await set_day(session, date.fromisoformat(row["day"]), told)
    return changed


async def _main(path: Path) -> int:
    settings = Settings()
    configure_command("assignment", level=settings.log_level, as_json=settings.log_json)
    engine = create_engine(settings.database_url, name="register")
    sessions = create_sessions(engine, source="assignment", clock=settings.clock)
    try:
        return await load(sessions, read_agencies(path), read_groups(DATA / "groups.csv"))
    finally:
        await engine.dispose()


def main() -> int:
    parser = Arguments("register", __doc__)
    parser.add_argument("--file", type=Path, default=HA_NOI_2016, help="a register of your own")
    options = parser.parse_args()
    try:
        changed = asyncio.run(_main(options.file))
    except ValidationError as error:
        print(f"register: wrong settings (DONDOC_…): {describe(error)}", file=sys.stderr)
        return 2
    except (BrokenRegister, Refused, SQLAlchemyError, OSError) as error:
        print(f"register: {str(error).splitlines()[0]}; nothing was changed", file=sys.stderr)
        return 2
    print(f"register: {changed} agencies new or changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
