"""Any bytes give a letter or one refusal: a few hundred tries; `make fuzz` makes millions."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignment.intake.files.reading import read_file
from tests.assignment.intake.anything import (
    TRIES,
    text_or_refusal,
    try_archive,
    try_document,
    try_numbering,
    try_page,
    try_text,
)
from tests.assignment.intake.documents import docx, paragraph
from tests.assignment.intake.examples import EXAMPLES
from tests.assignment.intake.pages import Line, pdf
from tests.commands import run_module

PDF = pdf([Line(60, 60, "1. Sở Y tế báo cáo Ủy ban nhân dân tỉnh")])


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with some replaced, dropped or doubled."""
    broken = bytearray(whole)
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, max(len(broken) - 1, 0)))
        end = start + draw(st.integers(0, 12))
        broken[start:end] = draw(st.binary(max_size=12) | st.just(bytes(broken[start:end] * 2)))
    return bytes(broken)


def of(number: int) -> bytes:
    return next(one[1:] for one in EXAMPLES if one[0] == number)


@pytest.mark.parametrize("attempt", TRIES)
def test_any_bytes_at_all(attempt: Callable[[bytes], None]) -> None:
    given(st.binary(max_size=300))(attempt)()


@given(damaged(of(0)))
def test_a_damaged_text(raw: bytes) -> None:
    try_text(raw)


@given(damaged(of(1)))
def test_a_damaged_document(raw: bytes) -> None:
    try_document(raw)


@given(damaged(of(2)))
def test_damaged_lists(raw: bytes) -> None:
    try_numbering(raw)


@given(damaged(of(3)))
def test_a_damaged_archive(raw: bytes) -> None:
    try_archive(raw)


@given(st.binary(max_size=2000))
def test_pieces_anywhere_on_a_page(raw: bytes) -> None:
    try_page(raw)


@settings(max_examples=15)
@given(damaged(PDF) | damaged(docx(paragraph("Sở Y tế"))))
def test_damaged_files_in_their_own_process(raw: bytes) -> None:
    text_or_refusal(lambda: read_file(raw).reading)


@pytest.mark.parametrize("seconds", ["", "0", "soon", "99999999"])
def test_the_fuzzer_refuses_a_time_it_cannot_use(seconds: str) -> None:
    done = run_module("tests.fuzz", *seconds.split())

    assert done.returncode == 2
    assert done.stderr.startswith("fuzz: say for how many seconds")
