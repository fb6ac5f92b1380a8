"""make score measures what it says, on two letters of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.assignment.intake.read import read_letter
from tests.score.__main__ import main
from tests.score.annotation import Annotation
from tests.score.measure import Count, Share, fold, score

LETTER = """ỦY BAN NHÂN DÂN TỈNH X
Số: 12/UBND-KT
X, ngày 3 tháng 3 năm 2025
Kính gửi: Sở Y tế
UBND tỉnh yêu cầu:
1. Sở Y tế rà soát thuốc, báo cáo UBND tỉnh trước ngày 10 tháng 4 năm 2025.
2. Sở Tài chính bố trí kinh phí.
"""


def a_task(start: int = 0, end: int = 10, **told: Any) -> dict[str, Any]:
    task = {
        "path": "1", "start": start, "end": end, "text": "Rà soát", "lead": ["Sở Y tế"],
        "coordinate": [], "report_to": [], "deadline": None, "recurrence": None, "budget": False,
    }  # fmt: skip
    return {**task, **told}


def annotated(*tasks: dict[str, Any], citations: tuple[str, ...] = (), **header: Any) -> Annotation:
    fields = dict.fromkeys(("number_symbol", "date", "issuer", "subject", "signer", "signer_title"))
    whole = {
        "letter": "a",
        "header": {**fields, "kind": "công văn", "capacity": [], **header},
        "citations": list(citations),
        "tasks": list(tasks),
    }
    return Annotation.model_validate(whole)


def on(date: str, kind: str = "date") -> dict[str, Any]:
    return {"raw": "trước ngày", "date": date, "kind": kind}


def test_what_is_the_same_is_right_everywhere() -> None:
    letter = annotated(a_task(deadline=on("2025-04-10")), citations=("1/NĐ-CP",), issuer="UBND")

    same = score(letter, letter)

    assert same.tasks == same.bodies["lead"] == same.citations == Count(right=1)
    assert set(same.shares.values()) == {Share(1, 1)}
    assert len(same.header) == 8
    assert set(same.header.values()) == {Share(1, 1)}


@pytest.mark.parametrize(("end", "tasks"), [(20, Count(1, 0, 0)), (21, Count(0, 1, 1))])
def test_spans_that_overlap_by_half_are_one_task(end: int, tasks: Count) -> None:
    assert score(annotated(a_task(0, 10)), annotated(a_task(0, end))).tasks == tasks


def test_of_two_like_it_the_nearer_is_taken_and_the_other_is_invented() -> None:
    found = annotated(a_task(0, 14, lead=["Sở X"]), a_task(0, 10))

    one = score(annotated(a_task(0, 10)), found)

    assert one.tasks == Count(1, 0, 1)
    assert one.bodies["lead"] == Count(1, 0, 1)


def test_a_found_task_stands_for_one_of_the_persons_only() -> None:
    gold = annotated(a_task(0, 14), a_task(0, 10))

    assert score(gold, annotated(a_task(0, 10))).tasks == Count(1, 1, 0)


def test_what_a_missed_task_names_is_missed_and_its_deadline_not_counted() -> None:
    one = score(annotated(a_task(deadline=on("2025-04-10"))), annotated())

    assert one.bodies["lead"] == Count(0, 1, 0)
    assert one.shares["deadline"] == Share(0, 0)


@pytest.mark.parametrize("other", [None, on("2025-04-11"), on("2025-04-10", "month")])
def test_a_deadline_is_right_with_its_date_and_its_kind(other: dict[str, Any] | None) -> None:
    gold = annotated(a_task(deadline=on("2025-04-10")))

    assert score(gold, annotated(a_task(deadline=other))).shares["deadline"] == Share(0, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban nhân dân các xã", "UBND  các xã"),
        ("Uỷ ban nhân dân TP. Huế", "UBND thành phố Huế"),
        ("các Sở, ban", "sở ban"),
        ("Sở KH&ĐT", "sở khvàđt"),
        ("Khánh Hoà", "Khánh Hòa"),
        ("Sở Hoa\u0300 giải", "Sở Hòa giải"),
        ("**Sở Y tế**", "Sở Y tế"),
    ],
)
def test_one_body_written_in_two_ways_is_one_body(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Hoặc", "Họăc"), ("Sở Y tế", "Sở Y tề")])
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def letters(folder: Path, **annotation: Any) -> Path:
    """A folder with one letter, annotated just as it is read, or as told."""
    read = read_letter(LETTER, name="a").as_annotation()
    (folder / "gold").mkdir()
    (folder / "a.txt").write_bytes(LETTER.encode())
    (folder / "gold" / "a.json").write_text(json.dumps(read | annotation))
    return folder


def test_each_letter_and_all_of_them_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(letters(tmp_path))]) == 0

    shown = capsys.readouterr().out.splitlines()
    assert shown[1].split()[:4] == ["a", "1.00", "1.00", "1.00"]
    assert shown[3].startswith("letters 1  gold tasks ")
    assert "tasks        P 1.000  R 1.000  F1 1.000" in shown


def test_each_difference_is_shown_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = letters(tmp_path, citations=["9/NĐ-CP"], tasks=[a_task(0, 9), a_task(150, 226)])

    assert main([str(folder), "--gold", str(folder / "gold"), "--misses"]) == 0

    shown = capsys.readouterr().out
    assert "  citation missed: 9/NĐ-CP" in shown
    assert "  task missed: 1 [0:9] Rà soát" in shown


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "a.txt").unlink(), "a.txt: No such file"),
        (lambda folder: (folder / "gold" / "a.json").unlink(), "holds no annotation"),
        (lambda folder: (folder / "gold" / "a.json").write_text("{"), "a.json is no annotation"),
        (lambda folder: (folder / "gold" / "a.json").write_text("{}"), "letter: Field required"),
        (lambda folder: (folder / "a.txt").write_bytes(b"\x00"), "a.txt: "),
    ],
    ids=range(5),
)
def test_what_cannot_be_scored_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Any, told: str
) -> None:
    spoil(letters(tmp_path))

    assert main([str(tmp_path)]) == 2

    heard = capsys.readouterr()
    assert told in heard.err
    assert heard.err.count("\n") == 1
    assert not heard.out


@pytest.mark.parametrize("arguments", [["/nowhere"], [], ["a", "b"]])
def test_a_missing_folder_and_a_wrong_call_are_told_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1
