"""Alembic's environment of the notification service."""

from services.notification.models import notices
from services.notification.models.base import Base
from shared.migrations import run_migrations

__all__ = ["notices"]

run_migrations(Base.metadata)
