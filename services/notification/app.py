"""The notification service."""

from fastapi import FastAPI

from services.notification import api
from services.notification.channels import mailing
from services.notification.handlers.create import create_handlers
from services.notification.jobs import urging
from services.notification.settings import Settings
from shared.jobs import Job, Worker
from shared.service import create_service


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings()
    return create_service(
        "notification",
        settings,
        routers=[api.router],
        handlers=create_handlers(settings),
        jobs=[
            Job("urge", urging(settings), caught_up=True),
            Worker("send_mails", mailing(settings)),
        ],
    )
