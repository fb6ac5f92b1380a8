"""Other files of a letter that is known by its text: none that was sent is thrown away."""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "further_originals",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_further_originals_proposal_id_proposals"),
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_further_originals")),
    )
    op.create_index(op.f("ix_further_originals_proposal_id"), "further_originals", ["proposal_id"])


def downgrade() -> None:
    op.drop_table("further_originals")
