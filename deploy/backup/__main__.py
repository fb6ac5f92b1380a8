"""Dump the four databases into a folder: make backup TO=backups

python -m deploy.backup [--to FOLDER] [--site | --system FILE]

The services may run; the dumps are of moments of their own, which `deploy.backup.restore` mends.
"""

import asyncio
import sys
from pathlib import Path

from deploy.backup.dumps import back_up
from deploy.backup.errors import BackupError
from deploy.backup.site import document_of, found
from deploy.verify.sources import CannotVerify
from shared.arguments import Arguments
from shared.logging import configure_command


def main() -> int:
    parser = Arguments("backup", "Dump the four databases into a folder.")
    parser.add_argument("--to", type=Path, default=Path("backups"))
    document_of(parser)
    options = parser.parse_args()
    configure_command("backup")
    try:
        folder = asyncio.run(back_up(found(options)["databases"], options.to))
    except (BackupError, CannotVerify) as error:
        print(f"backup: {error}", file=sys.stderr)
        return 1
    print(f"backup: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
