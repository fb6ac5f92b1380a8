"""Read letters into proposals: python -m services.assignment.intake FILE… --out DIR"""

import argparse
import json
import sys
from pathlib import Path

from services.assignment.intake.files.reading import read_file
from services.assignment.intake.files.result import Reading, UnreadableLetter
from services.assignment.intake.read import read_letter


def load(path: Path) -> Reading:
    """The file's text, whatever its kind; UnreadableLetter in one line that names the file."""
    try:
        return read_file(path.read_bytes(), name=path.name)
    except OSError as error:
        raise UnreadableLetter(f"{path}: {error.strerror}") from error
    except UnreadableLetter as error:
        raise UnreadableLetter(f"{path}: {error}") from error


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for one JSON a letter")
    options = parser.parse_args()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for path in options.files:
            letter = read_letter(load(path).text, name=path.stem)
            document = json.dumps(letter.as_annotation(), ensure_ascii=False, indent=1)
            (options.out / f"{path.stem}.json").write_text(document + "\n", encoding="utf-8")
    except (UnreadableLetter, OSError) as error:
        print(f"intake: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
