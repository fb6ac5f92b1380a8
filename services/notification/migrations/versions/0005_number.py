"""A number and no word: releases before this one go back from no other (``deploy.migrate``)."""

revision = "0005"
down_revision = "0004_report_to"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Changes nothing. What those releases read of a newer one's database is four digits."""


def downgrade() -> None:
    """Nothing to take back."""
