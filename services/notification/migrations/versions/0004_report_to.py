"""Who receives a task's reports, as its letter says."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_report_to"
down_revision = "0003_letter_date"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column: sa.Column[list[str]] = sa.Column(
        "report_to", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
    )
    op.add_column("task_facts", column)
