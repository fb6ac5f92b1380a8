"""Lines, their ledger, and the names of the agencies."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import create_messaging

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LIMIT = 10**15
STAGES = ("estimated", "approved", "assigned", "adjusted", "committed", "disbursed")

APPEND_ONLY = """
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % of % refused', tg_op, tg_table_name
    using errcode = 'restrict_violation';
end $$
"""
GUARD = """
create trigger movements_append_only before update or delete on movements
  for each row execute function refuse_change()
"""


def upgrade() -> None:
    create_messaging()
    op.create_table(
        "agencies",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_agencies"),
    )
    _create_lines()
    _create_movements()
    op.execute(APPEND_ONLY)
    op.execute(GUARD)


def _create_lines() -> None:
    op.create_table(
        "lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("directive_id", sa.Uuid(), nullable=True),
        sa.Column("renew_on", sa.Date(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        *(sa.Column(stage, sa.BigInteger(), nullable=False) for stage in STAGES),
        sa.Column("movement_count", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_lines"),
        sa.UniqueConstraint(
            *("agency", "fiscal_year", "source", "purpose", "item_id"),
            name="uq_lines_key",
            postgresql_nulls_not_distinct=True,
        ),
        _check(f"estimated between 0 and {LIMIT}", "lines_estimated"),
        _check("approved between 0 and estimated", "lines_approved"),
        _check("assigned between 0 and approved", "lines_assigned"),
        _check("committed >= 0", "lines_committed"),
        _check("disbursed >= 0", "lines_disbursed"),
        _check("assigned + adjusted - committed - disbursed >= 0", "lines_available"),
        _check(f"assigned + adjusted <= {LIMIT}", "lines_granted"),
    )
    op.create_index("ix_lines_fiscal_year", "lines", ["fiscal_year"])
    op.create_index("ix_lines_item_id", "lines", ["item_id"])
    op.create_index("ix_lines_task_id", "lines", ["task_id"])
    due = sa.text("renew_on is not null")
    op.create_index("ix_lines_renewal", "lines", ["renew_on", "id"], postgresql_where=due)


def _create_movements() -> None:
    op.create_table(
        "movements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        *(sa.Column(stage, sa.BigInteger(), nullable=False) for stage in STAGES),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_movements"),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name="fk_movements_line_id_lines"),
        sa.UniqueConstraint("line_id", "number", name="uq_movements_line_id_number"),
        _check("amount > 0 or (kind = 'adjusted' and amount < 0)", "movements_amount"),
        _check("available >= 0", "movements_available"),
        _check("available = assigned + adjusted - committed - disbursed", "movements_sum"),
    )


def _check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=f"ck_{name}")
