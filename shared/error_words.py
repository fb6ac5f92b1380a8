"""An error in words that may stand in a log: nothing of what people wrote is among them."""

import re
from typing import Any

from pydantic import ValidationError

from shared.codec import describe
from shared.database import causes, sqlstate

LONGEST = 300
_QUOTE_VALUES = (ValueError, KeyError, IndexError, LookupError)
_QUOTED = re.compile(r"(['\"]).*\1")


def words_of(error: BaseException) -> str:
    """Its type and, where that repeats no values, the first line of its message.

    Of a database error only the code and the names of what was violated: PostgreSQL quotes values
    in its messages, and SQLAlchemy adds the parameters.
    """
    name = type(error).__name__
    if isinstance(error, ValidationError):
        return f"{name}: {describe(error)}"[:LONGEST]
    if told := _by_database(error):
        return f"{name}: {told}"
    line = next(iter(str(error).splitlines()), "")
    if type(error) in _QUOTE_VALUES:
        line = _QUOTED.sub("…", line)
    return f"{name}: {line}"[:LONGEST] if line else name


def _by_database(error: BaseException) -> str | None:
    for cause in causes(error):
        if type(cause).__module__.startswith("asyncpg"):
            parts: list[Any] = [type(cause).__name__, sqlstate(cause)]
            parts += [
                getattr(cause, f"{kind}_name", None) for kind in ("constraint", "table", "column")
            ]
            return " ".join(str(part) for part in parts if part)
    return None


def without_values(stacks: list[dict[str, Any]], error: BaseException | None) -> None:
    """Put these words in place of the messages in a traceback as structlog renders it."""
    told = {str(one): words_of(one) for one in causes(error)} if error else {}
    for stack in stacks:
        stack["exc_value"], stack["exc_notes"] = told.get(stack["exc_value"], ""), []
        without_values(stack.get("exceptions", []), None)
