"""What notices say of a budget line."""

import sqlalchemy as sa
from alembic import op

revision = "0002_line_facts"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_facts",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_facts")),
    )
