"""What a task's facts were before they changed, for statistics of a past day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_facts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["task_facts.task_id"],
            name=op.f("fk_earlier_facts_task_id_task_facts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_facts")),
    )
    op.create_index("ix_earlier_facts_until_on", "earlier_facts", ["until_on"], unique=False)


def downgrade() -> None:
    op.drop_table("earlier_facts")
