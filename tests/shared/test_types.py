"""Kinds of value: one form for each text, whole đồng, dates that are days; nothing converted."""

import unicodedata
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.codec import Unreadable, parse
from shared.http import Command
from shared.types import Amount, Date, Id, Line, Text, clean_text

HA_NOI = unicodedata.normalize("NFC", "Hà Nội")


@pytest.mark.parametrize(
    "written",
    [
        unicodedata.normalize("NFD", HA_NOI),
        f" {HA_NOI}\u00a0",
        "Hà\u200b Nội",
        "\ufeffHà Nội\u2060",
    ],
)
def test_a_text_has_one_form_however_it_was_typed(written: str) -> None:
    assert TypeAdapter(Text).validate_python(written) == HA_NOI


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800"])
def test_what_no_database_holds_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"U\+0000|surrogate"):
        clean_text(bad)


@pytest.mark.parametrize("bad", ["a\r\nBcc: x", "a\x1b[2J", "", " \u200b ", "a\u0085b", "x" * 1001])
def test_a_line_is_one_line_and_not_empty(bad: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python(bad)


class Sample(Command):
    amount: Amount = 0
    on: Date | None = None
    id: Id | None = None


@pytest.mark.parametrize(
    "body",
    [
        b'{"amount": -1}',
        b'{"amount": 0.005}',
        b'{"amount": 1.0}',
        b'{"amount": true}',
        b'{"amount": "1"}',
        b'{"amount": 1e400}',
        b'{"amount": NaN}',
        b'{"amount": 1180591620717411303424}',
        b'{"amount": 1000000000000001}',
        b'{"on": 0}',
        b'{"on": "2026-02-30"}',
        b'{"on": "10000-01-01"}',
        b'{"on": "infinity"}',
        b'{"on": "2016-10-20T00:00:00Z"}',
        b'{"on": "20161020"}',
        b'{"id": 7}',
        b'{"id": "00000000000000000000000000000007"}',
        b'{"id": "{00000000-0000-0000-0000-000000000007}"}',
        b'{"id": "urn:uuid:00000000-0000-0000-0000-000000000007"}',
        b'{"agency": "HN-SCT"}',
    ],
    ids=lambda body: body.decode(),
)
def test_nothing_is_converted_into_something_else(body: bytes) -> None:
    """As FastAPI hands it over (parsed) and as the bus does (raw)."""
    with pytest.raises((ValidationError, Unreadable)):
        Sample.model_validate(parse(body))
    with pytest.raises(ValidationError):
        Sample.model_validate_json(body)


def test_what_json_has_for_a_day_and_an_id_is_taken() -> None:
    body = (
        b'{"amount": 1000000000000000, "on": "2016-10-20",'
        b' "id": "00000000-0000-0000-0000-000000000007"}'
    )
    told: dict[str, Any] = parse(body)

    taken = Sample.model_validate(told)

    assert taken == Sample.model_validate_json(body)
    assert (taken.amount, taken.id) == (10**15, UUID(int=7))
