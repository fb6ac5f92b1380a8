"""Alembic's environment of the budget service."""

from services.budget.models import ledger, lines
from services.budget.models.base import Base
from shared.migrations import run_migrations

__all__ = ["ledger", "lines"]

run_migrations(Base.metadata)
