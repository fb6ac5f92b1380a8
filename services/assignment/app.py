"""The assignment service."""

from fastapi import FastAPI

from services.assignment import handlers, jobs
from services.assignment.api import agencies, directives, intake, tasks
from shared.service import create_service
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    return create_service(
        "assignment",
        settings or Settings(),
        routers=[intake.router, directives.router, tasks.router, agencies.router],
        handlers=handlers.handlers,
        jobs=jobs.JOBS,
    )
