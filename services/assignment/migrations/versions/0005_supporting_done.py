"""Supporting agencies' tasks whose leads were all done before these ended with them."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from shared.ids import uuid7

# revision identifiers, used by Alembic.
revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_END = sa.text("""
with done as (
  select item_id, max(completed_on) as day from tasks where role = 'lead' group by item_id
  having bool_and(state in ('completed', 'cancelled')) and max(completed_on) is not null)
update tasks t set state = 'completed', completed_on = done.day, version = version + 1
from done where t.item_id = done.item_id and t.role = 'coordinate'
  and t.state in ('assigned', 'acknowledged', 'in_progress', 'returned')
returning t.id""")
_CHANGE = sa.text("""
insert into task_changes (task_id, at, by, what, detail)
select id, now(), 'upgrade', 'task_completed', jsonb_strip_nulls(
  jsonb_build_object('agency', agency, 'completed_on', completed_on, 'due_on', due_on))
from tasks where id = :task""")
_TELL = sa.text("""
insert into outbox (event_id, type, topic, key, headers, value)
select :event, 'assignment.task_completed.v1', 'assignment.tasks', id::text,
  jsonb_build_array(
    jsonb_build_array('ce_specversion', '1.0'), jsonb_build_array('ce_id', cast(:event_id as text)),
    jsonb_build_array('ce_type', 'assignment.task_completed.v1'),
    jsonb_build_array('ce_source', '/dondoc/assignment'), jsonb_build_array('ce_time',
      to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')),
    jsonb_build_array('ce_subject', id::text),
    jsonb_build_array('content-type', 'application/json'),
    jsonb_build_array('ce_correlationid', cast(:correlation as text)))::text,
  convert_to(jsonb_strip_nulls(jsonb_build_object('task_id', id, 'directive_id', directive_id,
    'agency', agency, 'role', role, 'completed_on', completed_on, 'due_on', due_on))::text, 'UTF8')
from tasks where id = :task""")


def upgrade() -> None:
    """As events, too: each in the transaction that changes its task, like any other."""
    connection, correlation = op.get_bind(), str(uuid7())
    for task in connection.execute(_END).scalars().all():
        event = UUID(str(uuid7()))
        told = {"event": event, "event_id": str(event), "correlation": correlation}
        connection.execute(_CHANGE, {"task": task})
        connection.execute(_TELL, {"task": task, **told})


def downgrade() -> None:
    """What was told stays told."""
