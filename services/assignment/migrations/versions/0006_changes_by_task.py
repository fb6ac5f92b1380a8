"""A task's changes are kept and found by task and number: one index in place of two."""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("pk_task_changes", "task_changes")
    op.create_primary_key("pk_task_changes", "task_changes", ["task_id", "id"])
    op.drop_index("ix_task_changes_task_id_id", table_name="task_changes")


def downgrade() -> None:
    op.drop_constraint("pk_task_changes", "task_changes")
    op.create_primary_key("pk_task_changes", "task_changes", ["id"])
    op.create_index("ix_task_changes_task_id_id", "task_changes", ["task_id", "id"])
