"""Read letters into proposals: python -m services.assignment.intake FILE… [--out DIR] [--show]"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from services.assignment.intake.files.reading import open_letter
from services.assignment.intake.files.result import Reading, UnreadableLetter
from services.assignment.intake.letter import Letter
from shared.arguments import Arguments


def main(arguments: Sequence[str] | None = None) -> int:
    options = _asked(arguments)
    try:
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
        for path in options.files:
            read = open_letter(path)
            if options.out:
                _write(options.out / f"{path.stem}.json", read.letter)
            if options.show:
                _show(read.reading, read.letter)
    except (UnreadableLetter, OSError) as error:
        print(f"intake: {error}", file=sys.stderr)
        return 2
    return 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Arguments("intake", __doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for one JSON a letter")
    parser.add_argument(
        "--show", action="store_true", help="print each letter with its tasks beside it"
    )
    options = parser.parse_args(arguments)
    if not (options.out or options.show):
        parser.error("say --out DIR, --show or both")
    return options


def _write(path: Path, letter: Letter) -> None:
    document = json.dumps(letter.as_annotation(), ensure_ascii=False, indent=1)
    path.write_text(document + "\n", encoding="utf-8")


def _show(reading: Reading, letter: Letter) -> None:
    # loaded for this alone: rich takes longer to load than a letter to read
    from rich.console import Console

    from services.assignment.intake.show import show

    show(Console(), reading, letter)


if __name__ == "__main__":
    sys.exit(main())
