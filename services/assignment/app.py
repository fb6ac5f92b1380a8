"""The assignment service."""

from fastapi import FastAPI

from services.assignment import handlers, jobs
from services.assignment.api import agencies, directives, intake, intake_files, intake_review, tasks
from services.assignment.api.upload import Desk
from services.assignment.intake.files.result import MAX_FILE
from shared.service import create_service
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    app = create_service(
        "assignment",
        settings or Settings(),
        routers=[
            intake.router,
            intake_files.router,
            intake_review.router,
            directives.router,
            tasks.router,
            agencies.router,
        ],
        handlers=handlers.handlers,
        jobs=jobs.JOBS,
        max_body={intake.router.prefix: MAX_FILE},
    )
    app.state.desk = Desk()
    return app
