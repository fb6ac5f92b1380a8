"""Alembic's environment of the assignment service."""

from services.assignment.models import agencies, directives, intake, tasks
from services.assignment.models.base import Base
from shared.migrations import run_migrations

__all__ = ["agencies", "directives", "intake", "tasks"]

run_migrations(Base.metadata)
