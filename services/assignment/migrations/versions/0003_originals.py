"""The files that letters came in, and by what a letter is known again."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("kind", sa.Text(), nullable=False, server_default="text"),
    sa.Column("notes", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("media_type", sa.Text(), nullable=True),
    sa.Column("file_sha256", sa.Text(), nullable=True),
    sa.Column("text_key", sa.Text(), nullable=True),
    sa.Column("letter_key", sa.Text(), nullable=True),
    sa.Column("known", postgresql.JSONB(), nullable=False, server_default="[]"),
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("proposals", column)
    op.create_unique_constraint(op.f("uq_proposals_file_sha256"), "proposals", ["file_sha256"])
    op.create_index(op.f("ix_proposals_text_key"), "proposals", ["text_key"])
    op.create_index(op.f("ix_proposals_letter_key"), "proposals", ["letter_key"])
    op.create_table(
        "originals",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_originals_proposal_id_proposals")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_originals")),
    )


def downgrade() -> None:
    op.drop_table("originals")
    op.drop_index(op.f("ix_proposals_letter_key"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_text_key"), table_name="proposals")
    op.drop_constraint(op.f("uq_proposals_file_sha256"), "proposals")
    for column in _COLUMNS:
        op.drop_column("proposals", column.name)
