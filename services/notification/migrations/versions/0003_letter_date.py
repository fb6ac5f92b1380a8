"""The day of a task's letter, which notices cite with its number."""

import sqlalchemy as sa
from alembic import op

revision = "0003_letter_date"
down_revision = "0002_line_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task_facts", sa.Column("issued_on", sa.Date(), nullable=True))
