"""The reporting service."""

from fastapi import FastAPI

from services.reporting import api, handlers, jobs
from shared.service import create_service
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    return create_service(
        "reporting",
        settings or Settings(),
        routers=[api.router],
        handlers=handlers.handlers,
        jobs=jobs.JOBS,
    )
