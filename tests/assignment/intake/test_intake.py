"""Reading letters: the one of 2016 field by field, sentences of the genre, and any text at all."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import services.assignment.register as register
from services.assignment.intake.__main__ import main
from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.citations import read_citations
from services.assignment.intake.folding import fold
from services.assignment.intake.money import about_money
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.read import read_letter
from services.assignment.intake.resolve import Entry, Register, resolve
from services.assignment.intake.times import read_time

LETTER = register.DATA / "letters" / "6050_ubnd-kt.txt"
GOLD = json.loads((Path(__file__).parent / "gold" / "6050_ubnd-kt.json").read_text())


def test_the_letter_of_2016_is_read_as_a_clerk_annotated_it() -> None:
    with LETTER.open(encoding="utf-8", newline="") as file:
        text = file.read()
    found = read_letter(text, name="6050_ubnd-kt").as_annotation()

    assert found["header"] == GOLD["header"]
    assert found["citations"] == GOLD["citations"]
    assert len(found["tasks"]) == len(GOLD["tasks"])
    for task, gold in zip(found["tasks"], GOLD["tasks"], strict=True):
        for field in ("path", "lead", "coordinate", "report_to", "recurrence", "budget"):
            assert task[field] == gold[field], (gold["path"], field)
        assert (task["deadline"] is None) == (gold["deadline"] is None)
        before = text[task["start"] : gold["start"]].strip()
        assert before in ("", *task["lead"]), "an order begins with who is to do it, or behind it"
        assert abs(task["end"] - gold["end"]) <= 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Tài chính, Sở Kế hoạch và Đầu tư chủ trì", ["Sở Tài chính", "Sở Kế hoạch và Đầu tư"]),
        ("UBND các quận, huyện, thị xã hàng năm bố trí", ["UBND các quận, huyện, thị xã"]),
        ("Giám đốc Sở Y tế khẩn trương", ["Sở Y tế"]),
        ("các hội, hiệp hội ngành nghề:", ["các hội, hiệp hội ngành nghề"]),
        ("tăng cường công tác tuyên truyền", []),
    ],
)
def test_names_of_bodies(text: str, names: list[str]) -> None:
    assert [one.name for one in read_bodies(text, 0, len(text))] == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("báo cáo trước ngày 10 tháng 12 năm 2025", ("2025-12-10", "date")),
        ("hoàn thành trước ngày 01/6", ("2017-06-01", "date")),
        ("hoàn thành trong tháng 11 năm 2016", ("2016-11-30", "month")),
        ("trong quý I năm 2017", ("2017-03-31", "quarter")),
        ("trong thời hạn 10 ngày", (None, "relative")),
        ("báo cáo hàng quý", (None, "recurring")),
        ("Chương trình giai đoạn 2016-2020", None),
        ("khẩn trương triển khai ngay", None),
        ("trước ngày 31 tháng 02 năm 2017", (None, "date")),
    ],
)
def test_time_limits(text: str, expected: tuple[str | None, str] | None) -> None:
    deadline = read_time(text, 0, len(text), date(2016, 10, 20)).deadline

    assert (deadline and (deadline.date, deadline.kind)) == expected


@pytest.mark.parametrize(
    ("text", "coordinate", "report_to", "money"),
    [
        ("phối hợp với Sở Nội vụ đào tạo cán bộ", ["Sở Nội vụ"], [], False),
        ("tổng hợp, báo cáo UBND Thành phố", [], ["UBND Thành phố"], False),
        ("bố trí ngân sách địa phương cho hoạt động", [], [], True),
        ("nghiêm túc chấp hành chế độ báo cáo", [], [], False),
    ],
)
def test_orders(text: str, coordinate: list[str], report_to: list[str], money: bool) -> None:
    assert coordinating(text, 0, len(text)).names == tuple(coordinate)
    assert receivers(text, 0, len(text)).names == tuple(report_to)
    assert (about_money(text, 0, len(text)) is not None) is money


def test_a_label_with_a_stroke_is_no_number_of_a_document() -> None:
    text = "1/ Các Sở thực hiện Nghị quyết số 01/NQ-CP và 02/ NQ-CP.\n2/ UBND các xã kiểm tra.\n"

    assert read_letter(text, name="one").citations == ["01/NQ-CP", "02/NQ-CP"]


def test_a_number_in_a_heading_of_capitals_is_cited_once() -> None:
    text = "THỰC HIỆN CHỈ THỊ SỐ 27/CT-TTG\nThực hiện Chỉ thị số 27/CT-TTg và số 28/CT-TTg."

    assert read_citations(text, None) == ["27/CT-TTg", "28/CT-TTg"]


def test_citations_leave_dates_and_the_letters_own_number_alone() -> None:
    text = "số 45/2012/NĐ-CP ngày 21/5/2012, Kết luận 221-KL/TW, Số: 6050/UBND-KT, 1/2 số hộ"

    assert read_citations(text, "6050/UBND-KT") == ["45/2012/NĐ-CP", "221-KL/TW"]


@pytest.mark.parametrize(
    "written", ["Sở Hoà Bình", "SỞ HÒA  BÌNH", "Sở Ho\u0300a Bình", "Sở\u200b Hòa Bình "]
)
def test_one_name_however_it_is_written(written: str) -> None:
    assert fold(written) == fold("Sở Hòa Bình")


def test_a_name_that_is_only_near_is_offered_and_never_taken() -> None:
    known = Register.of([Entry("HN-STC", ("Sở Tài chính", "STC"))])

    assert resolve("Sở Tài chính", known).code == "HN-STC"
    near = resolve("Sở Tài chánh", known)
    assert (near.code, near.nearest) == (None, "HN-STC")
    assert resolve("Ngân hàng Thế giới", known).nearest is None


def test_each_field_says_by_which_rule_and_from_which_words_it_was_found() -> None:
    text = (
        "Kính gửi: các sở\nUBND tỉnh yêu cầu:\n1. Sở Y tế phối hợp với Sở Nội vụ bố trí kinh phí,"
        " báo cáo UBND tỉnh trước ngày 10/12/2025.\n"
    )
    (task,) = read_letter(text, name="one").tasks
    words = {field: text[one.start : one.end] for field, one in task.evidence.items()}

    assert words["lead"] == "Sở Y tế"
    assert words["coordinate"] == "phối hợp với Sở Nội vụ"
    assert words["report_to"] == "báo cáo UBND tỉnh"
    assert words["deadline"] == "trước ngày 10/12/2025"
    assert words["budget"] == "bố trí kinh phí"
    assert task.evidence["deadline"].rule == "time-day"
    assert task.sure == min(one.sure for one in task.evidence.values())
    assert "recurrence" not in task.evidence


@given(st.text(max_size=400))
def test_any_text_gives_a_letter_with_spans_inside_it(text: str) -> None:
    letter = read_letter(text, name="any")

    for task in letter.tasks:
        assert 0 <= task.start <= task.end <= len(text)


def test_decomposed_letters_keep_their_places() -> None:
    text = "yêu cầu:\n1. Sở Y tê\u0301 báo cáo UBND Thành phố.\n"
    (task,) = read_letter(text, name="nfd").tasks

    assert task.lead == ["Sở Y tế"]
    assert "báo cáo" in text[task.start : task.end]


def test_the_command_writes_one_json_a_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["intake", str(LETTER), "--out", str(tmp_path / "out")])
    assert main() == 0
    written = json.loads((tmp_path / "out" / "6050_ubnd-kt.json").read_text())
    assert written["citations"] == GOLD["citations"]

    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\xff")
    monkeypatch.setattr("sys.argv", ["intake", str(bad), "--out", str(tmp_path / "out")])
    assert main() == 2
    assert "not UTF-8" in capsys.readouterr().err
