"""Errors as ``application/problem+json`` (RFC 9457), the same in all services."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from shared.auth import Unauthorized
from shared.codec import Unreadable
from shared.database import is_transient
from shared.error_words import words_of
from shared.errors import Refused

log = structlog.get_logger()

RETRY_AFTER_SECONDS = "2"
METHODS = ("GET", "PUT", "PATCH", "POST", "DELETE")


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    type: str | None = None,
    title: str | None = None,
    figures: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """``instance`` is the correlation id, ``figures`` the numbers concerned."""
    name = type or HTTPStatus(status).phrase.lower().replace(" ", "-")
    body = {
        **(figures or {}),
        "type": f"urn:dondoc:{name}",
        "title": title or name.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "instance": getattr(request.state, "correlation_id", ""),
    }
    return Response(
        orjson.dumps(body, default=str),
        status_code=status,
        media_type="application/problem+json",
        headers=dict(headers or {}),
    )


def route_of(scope: Scope) -> str:
    """The route's template: what stands in the path itself may be anything."""
    path: str = getattr(scope.get("route"), "path", "unmatched")
    return path


def of_refusal(request: Request, error: Refused) -> Response:
    """The refusal's class name is its type: ``DeadlineNotLater`` → ``deadline-not-later``."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", type(error).__name__).lower()
    detail = str(error) or (type(error).__doc__ or name).strip().splitlines()[0]
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if error.status in (429, 503) else None
    return problem(request, error.status, detail, type=name, figures=error.figures, headers=headers)


def of_validation(request: Request, faults: list[Any]) -> Response:
    """422 that names each wrong field, without repeating what was sent."""
    named = [
        {
            "field": ".".join(str(part) for part in fault["loc"] if part != "body") or "body",
            "message": fault["msg"].removeprefix("Value error, "),
        }
        for fault in faults[:20]
    ]
    detail = "; ".join(f"{fault['field']}: {fault['message']}" for fault in named)
    return problem(request, 422, detail, type="invalid-input", figures={"errors": named})


def install(app: FastAPI) -> None:
    """Make the app answer every error as a problem; a bug shows nothing of the inside."""

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return of_refusal(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return of_validation(request, list(error.errors()))

    @app.exception_handler(Unreadable)
    async def unreadable(request: Request, error: Exception) -> Response:
        return problem(request, 422, str(error), type="invalid-input")

    @app.exception_handler(Unauthorized)
    async def unauthorized(request: Request, error: Exception) -> Response:
        log.warning(
            "token_refused", reason=str(error), route=route_of(request.scope), security=True
        )
        return problem(request, 401, str(error), headers={"WWW-Authenticate": "Bearer"})

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = _allowed(request) if error.status_code == 405 else error.headers
        return problem(request, error.status_code, str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> Response:
        if is_transient(error):
            return unavailable(request, error)
        log.error("request_failed", exc_info=error, route=route_of(request.scope))
        detail = "Something is wrong on our side; give this instance to the operators."
        return problem(request, 500, detail)


def _allowed(request: Request) -> dict[str, str]:
    """Every method of the path; Starlette names those of the first of its routes."""
    routes = request.app.router.routes
    taken = [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes
        )
    ]
    return {"Allow": ", ".join([*taken, *(["HEAD"] if "GET" in taken else [])])}


def unavailable(request: Request, error: BaseException) -> Response:
    log.warning("database_unavailable", error=words_of(error))
    return problem(
        request,
        503,
        "The database cannot be reached or is busy; the same request may be sent again.",
        headers={"Retry-After": RETRY_AFTER_SECONDS},
    )
