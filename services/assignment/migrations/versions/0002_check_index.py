"""The sweep's index without the id, so that equal instants share entries."""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WATCHED = sa.text("next_check_at is not null")


def upgrade() -> None:
    op.drop_index("ix_tasks_next_check_at_id", table_name="tasks")
    op.create_index("ix_tasks_next_check_at", "tasks", ["next_check_at"], postgresql_where=_WATCHED)


def downgrade() -> None:
    op.drop_index("ix_tasks_next_check_at", table_name="tasks")
    op.create_index(
        "ix_tasks_next_check_at_id",
        "tasks",
        ["next_check_at", "id"],
        postgresql_where=_WATCHED,
    )
