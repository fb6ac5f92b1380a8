"""A program of the project, run as a person runs it."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def run_module(
    module: str, *arguments: str, said: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """``python -m module arguments`` in the project's folder, with what it says and how it ends.

    ``said``: what it gets on standard input.
    """
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **environment},
        cwd=PROJECT,
        input=said,
        capture_output=True,
        text=True,
        timeout=600,
    )
