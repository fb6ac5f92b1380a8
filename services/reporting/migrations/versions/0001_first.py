"""Task facts, obligations, reports, series."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import create_messaging

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_messaging()
    op.create_table(
        "agency_names",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agency_names")),
    )
    op.create_table(
        "task_facts",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("directive_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("number_symbol", sa.Text(), nullable=False),
        sa.Column("item_path", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("deadline_version", sa.Integer(), nullable=False),
        sa.Column("report_to", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_task_facts")),
    )
    op.create_index("ix_task_facts_agency", "task_facts", ["agency"], unique=False)
    op.create_index("ix_task_facts_directive_id", "task_facts", ["directive_id"], unique=False)
    op.create_table(
        "obligations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("directive_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_version", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task_facts.task_id"], name=op.f("fk_obligations_task_id_task_facts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
        sa.UniqueConstraint(
            "task_id",
            "kind",
            "period",
            name=op.f("uq_obligations_task_id_kind_period"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_obligations_agency_due_on", "obligations", ["agency", "due_on"], unique=False
    )
    op.create_index(
        "ix_obligations_next_check_at_id",
        "obligations",
        ["next_check_at", "id"],
        unique=False,
        postgresql_where=sa.text("next_check_at is not null"),
    )
    op.create_index(
        "ix_obligations_regime_period", "obligations", ["regime", "period"], unique=False
    )
    op.create_table(
        "series",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("next_day", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task_facts.task_id"], name=op.f("fk_series_task_id_task_facts")
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_series")),
    )
    op.create_index(
        "ix_series_opens_at_task_id",
        "series",
        ["opens_at", "task_id"],
        unique=False,
        postgresql_where=sa.text("opens_at is not null"),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_reports_obligation_id_obligations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_obligation_id", "reports", ["obligation_id"], unique=False)
