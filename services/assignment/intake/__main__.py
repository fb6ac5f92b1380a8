"""Read letters into proposals: python -m services.assignment.intake FILE… --out DIR"""

import argparse
import json
import sys
from pathlib import Path

from services.assignment.intake.files.reading import open_letter
from services.assignment.intake.files.result import UnreadableLetter
from services.assignment.intake.read import read_letter


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for one JSON a letter")
    options = parser.parse_args()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for path in options.files:
            letter = read_letter(open_letter(path).text, name=path.stem)
            document = json.dumps(letter.as_annotation(), ensure_ascii=False, indent=1)
            (options.out / f"{path.stem}.json").write_text(document + "\n", encoding="utf-8")
    except (UnreadableLetter, OSError) as error:
        print(f"intake: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
