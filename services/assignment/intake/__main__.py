"""Read letters into proposals: python -m services.assignment.intake FILE… --out DIR"""

import argparse
import json
import sys
from pathlib import Path

from services.assignment.intake.read import read_letter

MAX_BYTES = 1_000_000


class UnreadableLetter(ValueError):
    """The file is no letter that can be read; the text says why."""


def load(path: Path) -> str:
    """The text as it is, line ends untouched; UnreadableLetter in one line."""
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise UnreadableLetter(f"{path}: {len(raw)} bytes, but at most {MAX_BYTES} are read")
        return raw.decode("utf-8")
    except OSError as error:
        raise UnreadableLetter(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnreadableLetter(f"{path}: not UTF-8 text (byte {error.start})") from error


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for one JSON a letter")
    options = parser.parse_args()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for path in options.files:
            letter = read_letter(load(path), name=path.stem)
            document = json.dumps(letter.as_annotation(), ensure_ascii=False, indent=1)
            (options.out / f"{path.stem}.json").write_text(document + "\n", encoding="utf-8")
    except (UnreadableLetter, OSError) as error:
        print(f"intake: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
