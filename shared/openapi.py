"""What FastAPI's OpenAPI document cannot know of our routes: problems, keys, versions, absence."""

from collections.abc import Iterator
from typing import Any, cast

from fastapi import FastAPI
from pydantic import BaseModel

from shared.http import VERSION_NEEDED

ABOUT = """
Every POST needs an `Idempotency-Key`, new for each new intent: sent again with the same body it has
one effect and the same answer. `ETag` is the version that `If-Match` needs. A list goes on with
`cursor` = `next` until that is null. An error is a problem: its `type` does not change, its
`detail` says what to do, its `instance` is the `X-Correlation-Id` of the answer.
"""
PROBLEM = {
    "type": "object",
    "description": "RFC 9457, with the figures concerned as further fields.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:dondoc:[a-z0-9-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do"},
        "instance": {"type": "string", "description": "The correlation id"},
        "errors": {
            "type": "array",
            "description": "Of invalid-input: each wrong field",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "additionalProperties": True,
}
REFUSED = {
    "description": "A problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def created_as(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """``responses`` of a route that answers 201 for what is new."""
    return {201: {"model": model, "description": "New"}, 200: {"description": "There already"}}


def describe(app: FastAPI) -> None:
    """Let ``app.openapi()``, so ``/openapi.json`` and ``/docs``, say what is really answered."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        return app.openapi_schema or _completed(made())

    app.description = ABOUT
    app.openapi = openapi  # type: ignore[method-assign]


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _complete(operation, method)
            if method == "patch":
                _forget_defaults(operation["requestBody"], schemas)
    return document


def _complete(operation: dict[str, Any], method: str) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = REFUSED
    parameters = operation.setdefault("parameters", [])
    if method == "post":
        parameters.append(KEY)
    for parameter in parameters:
        if parameter.get("description") == VERSION_NEEDED:
            parameter["required"] = True


def _forget_defaults(part: Any, schemas: dict[str, Any]) -> None:
    """In what changes a thing an absent field stays as it is; a client that sent defaults would
    empty it."""
    for schema in _reached(part, schemas, set()):
        schema.pop("default", None)


def _reached(part: Any, schemas: dict[str, Any], seen: set[str]) -> Iterator[dict[str, Any]]:
    """Every object of the schema, and of those it refers to."""
    if isinstance(part, list):
        for one in part:
            yield from _reached(one, schemas, seen)
    elif isinstance(part, dict):
        yield part
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            yield from _reached(schemas[name], schemas, seen)
        for one in cast(dict[str, Any], part).values():
            yield from _reached(one, schemas, seen)
