"""The one way JSON comes in and goes out, the same in all services."""

from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)

MAX_BYTES = 900_000
"""What an event's body may have; Kafka refuses a record over 1 MB."""


class Unreadable(ValueError):
    """Bytes that are no JSON, or JSON that is not what it should be."""


def parse(raw: bytes | memoryview) -> Any:
    """Strict UTF-8 JSON: no NaN, no infinity, no lone surrogate, no U+0000, bounded depth.

    Where an object has a key twice, the last one counts, in all services alike.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"no valid JSON: {error}") from error
    if b"\\u0000" in bytes(raw) and _holds_nul(value):
        raise Unreadable("contains the character U+0000, which no text may hold")
    return value


def decode(model: type[Model], raw: bytes) -> Model:
    """The model that these bytes are, or Unreadable with the fields that are wrong.

    What stands in fields that the model does not have is not looked at, unless it is escaped.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"{len(raw)} bytes, but at most {MAX_BYTES} are read")
    if b"\\" in raw:
        parse(raw)  # which looks for U+0000
    try:
        found: Model = model.__pydantic_validator__.validate_json(raw)  # strict, as models say
    except ValidationError as error:
        parse(raw)  # which says so if it is no JSON at all
        raise Unreadable(describe(error)) from error
    return found


def encode(value: Any) -> bytes:
    """UTF-8 JSON of a model or of plain values."""
    if isinstance(value, BaseModel):
        return value.__pydantic_serializer__.to_json(value, exclude_none=True)
    return orjson.dumps(value)


def describe(error: ValidationError) -> str:
    """The wrong fields in one line, without the values (they may be personal)."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'body'}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_url=False)[:10]
    )


def _holds_nul(value: Any) -> bool:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text) if "\x00" in text:
                return True
            case dict(entries):
                waiting.extend(entries)
                waiting.extend(entries.values())
            case list(entries):
                waiting.extend(entries)
    return False
