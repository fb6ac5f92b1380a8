"""Units above others: which of them only head these, and whom they leave the rest to."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from services.assignment.intake import words
from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.fields import field_at
from services.assignment.intake.outline import Unit
from services.assignment.intake.partners import receivers
from services.assignment.intake.patterns import any_of
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import begins_order, is_thing, segments
from services.assignment.intake.times import read_time

_GROUP = re.compile(r"(?i:các|những|mọi|(?:ubnd|[uủ][ỷy]\s+ban\s+nhân\s+dân)\s+(?:các|cấp)|cấp)\s")
_GROUND = re.compile(
    r"(?:Thực\s+hiện|Triển\s+khai|Thi\s+hành|Căn\s+cứ)\s+(?:các\s+)?"
    r"(?:Luật|Pháp\s+lệnh|Nghị\s|Quyết\s+định|Chỉ\s+thị|Kết\s+luận|Thông\s|Công\s+(?:điện|văn))"
)
_DEMANDS = re.compile(r"(?i:yêu\s+cầu\s+(?:chung$|(?:trong|khi|đối\s+với)\s))")
"""Headings above orders: "Yêu cầu chung", "Yêu cầu trong xây dựng kế hoạch"."""
_BACKGROUND = re.compile(rf"\s*(?i:(?:\d{{1,2}}\.\s*)?{any_of(words.BACKGROUND_HEADINGS)})")
_ASKED = re.compile(rf"\s*(?i:{any_of(words.OPENERS)})\s+")
_ASKS = re.compile(r"\s(?:yêu\s+cầu|chỉ\s+thị|đề\s+nghị|giao)\s")
_ROWS = ("number", "letter", "bracket")


def only_heads(text: str, unit: Unit, begin: int, written: date | None) -> bool:
    """ "1. Tiếp tục đẩy mạnh …." above 1.1 and 1.2: one sentence that they say in full."""
    rows = [one for one in unit.below if one.kind in _ROWS]
    sentences = [mark for _, _, mark in segments(text, begin, unit.end) if mark == "."]
    if len(rows) < 2 or unit.below[0] is not rows[0] or len(sentences) > 1:
        return False
    if lead(text, begin, unit.end).names or receivers(text, begin, unit.end).names:
        return False
    return read_time(text, begin, unit.end, written).evidence is None


def going_on_with(found: Sequence[Clause], above: Above) -> Above:
    """Whom the orders name from the first to the last, where no heading has named anybody."""
    if above.told or not found or not (found[0].named and found[-1].named):
        return above
    last = found[-1].lead
    if last.evidence is None:
        return above
    evidence = replace(last.evidence, rule="lead-from-order-before", sure=0.6)
    return replace(above, lead=replace(last, evidence=evidence))


def without_grounds(text: str, units: Sequence[Unit]) -> list[Unit]:
    """ "Thực hiện Chỉ thị số …" before "Để …, UBND tỉnh yêu cầu …:" is what a section rests on."""
    pairs = zip_longest(units, units[1:])
    return [one for one, behind in pairs if not _rests(text, one, behind)]


def _rests(text: str, unit: Unit, behind: Unit | None) -> bool:
    if behind is None or unit.kind != "text" or behind.kind != "text":
        return False
    if unit.below or not behind.below or _GROUND.match(text, unit.body, unit.end) is None:
        return False
    return _ASKS.search(text, behind.body, behind.end) is not None


def everybody_again(found: Sequence[Clause], above: Above) -> bool:
    """ "UBND các cấp, các ngành tiếp tục …", where the lead-in names everybody: for all of them
    the paragraphs behind it are as well.
    """
    said = above.lead.evidence
    if said is None or said.rule != "lead-from-lead-in":
        return False
    return all(_GROUP.match(name) for name in found[-1].lead.names)


def before_colon(text: str, begin: int, end: int) -> int:
    """Where the last sentence begins, if it ends with a colon; else the end."""
    if not text[begin:end].rstrip().endswith(":"):
        return end
    stops = [last for _, last, mark in segments(text, begin, end) if mark == "."]
    return stops[-2] if len(stops) > 1 else begin


def heads_topics(text: str, unit: Unit, begin: int, labelled: Sequence[Unit]) -> bool:
    """ "Báo cáo các nội dung sau:" above a list of things: the order is the unit above them."""
    ended = text[unit.body : unit.end].rstrip().endswith(":")
    if not ended or any(one.below for one in labelled):
        return False
    if not begins_order(text, begin, unit.end):
        return False
    things = sum(
        not begins_order(text, after_label(text, one), one.end) or is_thing(text, one.body, one.end)
        for one in labelled
    )
    return things * 2 > len(labelled)


def is_background(text: str, unit: Unit) -> bool:
    """ "I. Tình hình thực hiện": a short heading of what orders nothing and names nobody."""
    if _BACKGROUND.match(text, unit.body, unit.end) is None:
        return False
    said = text[unit.body : unit.end].strip(" .:\n\x1f")
    asked = _ASKED.match(text, unit.body, unit.end)
    bodies = read_bodies(text, asked.end() if asked else unit.body, unit.end)
    if _DEMANDS.match(said):
        return False
    return len(said) < 120 and not bodies and unit.kind not in ("dash", "plus", "text")


def after_label(text: str, unit: Unit) -> int:
    """Behind "Nhiệm vụ:", which says only that an order follows."""
    found = field_at(text, unit.body, unit.end)
    return found.start if found and found.name == "order" else unit.body
