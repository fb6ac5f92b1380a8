"""The budget service."""

from fastapi import FastAPI

from services.budget import api, handlers, jobs
from shared.service import create_service
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings()
    return create_service(
        "budget", settings, routers=[api.router], handlers=handlers.handlers, jobs=jobs.JOBS
    )
