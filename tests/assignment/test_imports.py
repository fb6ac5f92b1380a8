"""What a started service has in memory: no parser of files."""

import json
import subprocess
import sys

from tests.commands import PROJECT

_STARTED = """
import json, sys
from services.assignment.app import create_app
from shared.settings import Settings
create_app(Settings(database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none"))
print(json.dumps(sorted(sys.modules)))
"""
_HEAVY = (
    "pypdfium2",
    "services.assignment.intake.bodies",
    "services.assignment.intake.files.docx",
    "services.assignment.intake.files.pdf",
    "services.assignment.intake.files.scan",
)


def test_a_started_service_has_loaded_no_parser_of_files() -> None:
    started = subprocess.run(
        [sys.executable, "-c", _STARTED], cwd=PROJECT, capture_output=True, check=True, timeout=400
    )
    loaded = set(json.loads(started.stdout))

    assert "services.assignment.intake.files.reading" in loaded
    assert loaded.isdisjoint(_HEAVY)
