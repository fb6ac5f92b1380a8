"""One letter as four programs write it (``programs/make.py``): each file gives the same orders."""

from pathlib import Path
from typing import Any

import pytest

from services.assignment.intake.files.reading import open_letter
from services.assignment.intake.read import read_letter
from tests.assignment.intake import programs
from tests.assignment.intake.programs.letter import LEFT, ORDERS, RIGHT, SITUATION, TABLE, TEXT, TO

FOLDER = Path(programs.__file__).parent
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".pdf", ".docx"))


def test_there_is_a_file_of_each_program() -> None:
    assert [path.stem for path in FILES] == ["fpdf2", "python-docx", "reportlab", "typst"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_part_is_read_whole_and_in_its_place(path: Path) -> None:
    text = open_letter(path).reading.text
    words = " ".join(text.split())
    places = [words.index(" ".join(part)) for part in (LEFT, RIGHT)]
    lines = text.splitlines()

    assert places == sorted(places)
    assert [line for line in lines if line in (TO, SITUATION, *ORDERS)] == [TO, SITUATION, *ORDERS]
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    assert [row for row in rows if len(row) == 4] == [list(row) for row in TABLE]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_orders_are_those_of_the_plain_text(path: Path) -> None:
    before_the_table = open_letter(path).reading.text.partition("| STT")[0]

    assert orders(before_the_table) == orders(TEXT)


def orders(text: str) -> list[dict[str, Any]]:
    tasks = read_letter(text, name="one").as_annotation()["tasks"]
    numbered = [task for task in tasks if task["path"] in ("1", "2", "3")]
    return [
        {field: value for field, value in task.items() if field not in ("start", "end")}
        for task in numbered
    ]
