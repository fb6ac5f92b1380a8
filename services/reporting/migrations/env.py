"""Alembic's environment of the reporting service."""

from services.reporting.models import obligations
from services.reporting.models.base import Base
from shared.migrations import run_migrations

__all__ = ["obligations"]

run_migrations(Base.metadata)
