"""The terminal's view of a letter: whole, within its width, and harmless."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from services.assignment.intake.evidence import Evidence
from services.assignment.intake.files.result import Kind, Reading
from services.assignment.intake.letter import FoundTask, Header, Letter
from services.assignment.intake.read import read_letter
from services.assignment.intake.show import flowing, segments, show, visible
from tests.commands import PROJECT, run_module

LETTER = PROJECT / "services" / "assignment" / "data" / "letters" / "6050_ubnd-kt.txt"
TEXT = LETTER.read_bytes().decode()
INTAKE = "services.assignment.intake"


def shown(text: str, width: int = 80, letter: Letter | None = None) -> str:
    view = io.StringIO()
    reading = Reading(text, Kind.TEXT, ["a note"])
    show(Console(width=width, file=view), reading, letter or read_letter(text, name="one"))
    return view.getvalue()


def test_what_a_letter_amends_is_shown() -> None:
    letter = replace(read_letter(TEXT, name="one"), amends=["12/UBND-KT", "13/UBND-KT"])

    assert re.search(
        r"^ *amends +12/UBND-KT; 13/UBND-KT *$", shown(TEXT, letter=letter), re.MULTILINE
    )
    assert "amends" not in shown(TEXT)


def test_each_order_stands_marked_beside_its_task() -> None:
    view = run_module(INTAKE, str(LETTER), "--show").stdout
    beside = re.findall(r"^ +(\d+)┃ .+?(?:\s{2,}|\s)\1 +\[", view, re.MULTILINE)

    tasks = read_letter(TEXT, name="6050").tasks
    assert beside == [str(number) for number in range(1, len(tasks) + 1)]
    assert "lead   Sở Công Thương" in view
    assert "6050/UBND-KT" in view
    assert f"{len(tasks)} tasks" in view


def test_the_whole_letter_is_there() -> None:
    beginning = TEXT.split()[0]
    lines = shown(TEXT, width=200).splitlines()
    first = next(place for place, line in enumerate(lines) if line[6:].startswith(beginning))

    words = [word for line in lines[first:-1] for word in line[6:151].split()]
    assert words == TEXT.split()


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, shown(TEXT, width).splitlines())) <= width


def test_a_pipe_gets_no_colours_and_a_terminal_does() -> None:
    piped = run_module(INTAKE, str(LETTER), "--show")
    coloured = run_module(INTAKE, str(LETTER), "--show", FORCE_COLOR="1", TERM="xterm")

    assert "\x1b" not in piped.stdout
    assert "\x1b[1;36m" in coloured.stdout


@pytest.mark.parametrize("steering", ["\x1b[2J", "\x07", "\u202e", "\x9b5m", "\u2066"])
def test_no_letter_steers_the_terminal(steering: str) -> None:
    text = f"Kính gửi: Sở Y tế\nUBND tỉnh yêu cầu:\n1. Sở Y tế {steering} rà soát, báo cáo.\n"

    view = shown(text)

    assert steering[0] not in view
    assert "\ufffd" in view


def test_what_is_unsure_and_what_nobody_does_is_told() -> None:
    evidence = {"lead": Evidence("from-heading", 0, 3, 0.6), "task": Evidence("order", 3, 5, 0.9)}
    nothing = FoundTask("1", 3, 5, "", [], [], [], None, None, False)
    tasks = [
        nothing,
        replace(nothing, start=5, end=9, lead=["Sở Y tế"], evidence=evidence),
        replace(nothing, start=9, end=12, lead=["Sở Y tế"]),
    ]

    view = shown(TEXT, letter=Letter("one", Header(), [], tasks))

    assert re.search(r"\? +nobody must do it", view)
    assert re.search(r"\? +lead 0\.6: from-heading", view)
    assert "order" not in view
    assert "3 tasks, 2 of them unsure" in view


@given(st.text(max_size=300))
def test_any_text_is_shown(text: str) -> None:
    assert len(visible(text)) == len(flowing(text)) == len(text)
    shown("yêu cầu:\n1. Sở Y tế báo cáo; " + text)


SPANS = st.tuples(st.integers(0, 29), st.integers(1, 30)).filter(lambda one: one[0] < one[1])


@given(st.lists(SPANS, max_size=6))
def test_segments_are_the_whole_letter_once(pairs: list[tuple[int, int]]) -> None:
    cut = list(segments(30, pairs))

    assert [one.start for one in cut] + [30] == [0, *(one.end for one in cut)]
    for one in cut:
        inside = [n for n, (a, b) in enumerate(pairs, 1) if a <= one.start and one.end <= b]
        assert list(one.inside) == inside


def test_a_file_is_refused_by_its_size_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(1 << 40)

    refused = run_module(INTAKE, str(huge), "--show")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "at most 10000000 are read" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_reader_that_goes_away_is_told_nothing() -> None:
    command = f"{sys.executable} -m {INTAKE} {LETTER} --show | head -1"
    answer = subprocess.run(["sh", "-c", command], cwd=PROJECT, capture_output=True, timeout=300)

    assert answer.stdout.count(b"\n") == 1
    assert answer.stderr == b""


def test_a_call_that_would_do_nothing_is_refused() -> None:
    refused = run_module(INTAKE, str(LETTER))

    assert refused.returncode == 2
    assert "--show" in refused.stderr
