"""The next release, made of today's tree: one new migration and one new version of an event.

``reporting.report_submitted.v2`` says ``content`` in place of ``nil``; reporting publishes it,
assignment keeps it in a new column, notification still knows v1 alone.
"""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PARTS = ("shared", "services", "deploy")
REVISION = "9001"
EVENT = "reporting.report_submitted.v2"

_EVENT = '''

class ReportSubmittedV2(ReportEvent):
    """An agency reported; ``content`` is "report" or, if there is nothing to report, "nothing"."""

    type: ClassVar[str] = "reporting.report_submitted.v2"
    earlier = ReportSubmitted

    report_id: Id
    report_version: Count
    final: bool
    content: Line
    submitted_on: Date

    def as_earlier(self) -> ReportSubmitted:
        facts = self.model_dump(exclude={"content"})
        return ReportSubmitted(nil=self.content == "nothing", **facts)

    @classmethod
    def from_earlier(cls, event: ReportSubmitted) -> "ReportSubmittedV2":
        content = "nothing" if event.nil else "report"
        return cls(content=content, **event.model_dump(exclude={"nil"}))


class ReportAccepted(ReportEvent):'''
_MIGRATION = '''"""What the final report held."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("report_content", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "report_content")
'''
_MODELS = "services/assignment/models/tasks.py"
_HANDLERS = "services/assignment/handlers.py"
_OBLIGATIONS = "services/reporting/models/obligations.py"
_HEARS = "deploy/verify/hears.py"
_COLUMN = "    reported_on: Mapped[date | None]\n"
_HEARD = "            task.hear_report(event.submitted_on)\n"
_HEARING = '    "assignment": frozenset('
_CONTENT = 'content="nothing" if nil else "report",'
_EDITS = (
    ("shared/events/reporting.py", "\n\nclass ReportAccepted(ReportEvent):", _EVENT),
    (_OBLIGATIONS, "-> events.ReportSubmitted:", "-> events.ReportSubmittedV2:"),
    (_OBLIGATIONS, "return events.ReportSubmitted(", "return events.ReportSubmittedV2("),
    (_OBLIGATIONS, "nil=nil,", _CONTENT),
    (_MODELS, _COLUMN, f"{_COLUMN}    report_content: Mapped[str | None]\n"),
    (_HANDLERS, "on(reporting.ReportSubmitted)", "on(reporting.ReportSubmittedV2)"),
    (_HANDLERS, "[reporting.ReportSubmitted]", "[reporting.ReportSubmittedV2]"),
    (_HANDLERS, _HEARD, f"{_HEARD}            task.report_content = event.content\n"),
    (_HEARS, _HEARING, f'    "assignment": frozenset(["{EVENT}"]) | frozenset('),
)


def next_release(folder: Path) -> Path:
    """Write it to ``folder``; AssertionError if today's tree has moved away from under it."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in _EDITS:
        path = folder / name
        text = path.read_text()
        assert text.count(old) == 1, f"{name} no longer has {old!r} once: mend tests/upgrade"
        path.write_text(text.replace(old, new))
    versions = folder / "services" / "assignment" / "migrations" / "versions"
    migration = _MIGRATION.format(revision=REVISION, before=_head(versions))
    (versions / f"{REVISION}_report_content.py").write_text(migration)
    return folder


def _head(versions: Path) -> str:
    text = "".join(path.read_text() for path in versions.glob("*.py"))
    before = set(re.findall(r'^down_revision = "(\w+)"', text, re.MULTILINE))
    (head,) = set(re.findall(r'^revision = "(\w+)"', text, re.MULTILINE)) - before
    return str(head)
