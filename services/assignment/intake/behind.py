"""What stands behind orders and is none: who leads them, fields, the same receiver."""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.assignment.intake.clause import Clause
from services.assignment.intake.fields import Field
from services.assignment.intake.named import joined
from services.assignment.intake.patterns import any_of
from services.assignment.intake.words import OPENERS

_HANDS = re.compile(rf"\s*(?i:{any_of(OPENERS)})\s")
_ONLY_LEADS = re.compile(
    r"\s*(?:(?:là\s+)?(?:cơ\s+quan|đơn\s+vị)\s+)?(?:chủ\s+trì|đầu\s+mối)?(?:\s*,?\s*(?:và\s+)?phối\s+hợp\s+(?:với|cùng)?[^.;]{3,200}?)?"
    r"(?:\s*,?\s*(?:tổ\s+chức|triển\s+khai))*(?:\s+thực\s+hiện)?"
    r"(?:\s+(?:các\s+)?(?:nhiệm\s+vụ|nội\s+dung|công\s+việc)\s+(?:này|trên))?[\s.;]*"
)
_SAID = re.compile(
    r"(?i:định\s+kỳ|h[àằ]ng\s+(?:tuần|tháng|quý|năm)|đột\s+xuất|khi\s+có\s+yêu\s+cầu|và|hoặc)\b|[\s,.;()]"
)
_TO_PASS_ON = re.compile(
    r"(?:\s+h[àằ]ng\s+(?:năm|quý|tháng))?\s*,?\s*(?:để|nhằm)\s+(?:kịp\s+thời\s+)?"
    r"(?:theo\s+dõi|tổng\s+hợp)\s*,?\s+(?:và\s+)?(?:báo\s+cáo|trình)\s"
)
_LABEL_NEAR = 3


def handed_over(text: str, found: Sequence[Clause]) -> list[Clause]:
    """ "Điều động bác sĩ về xã. Giao Sở Y tế chủ trì thực hiện.": it leads what stands before."""
    kept: list[Clause] = []
    first = 0
    for one in found:
        if len(kept) > first and not kept[-1].named and _only_hands_over(text, one):
            kept[first:] = [_led_by(k, one) for k in kept[first:]]
            if one.coordinate.names:
                kept[-1] = replace(kept[-1], end=one.end)
            first = len(kept)
        else:
            kept.append(one)
    return kept


def _led_by(before: Clause, one: Clause) -> Clause:
    if before.named:
        return before
    together = joined((before.coordinate, one.coordinate))
    return replace(before, lead=one.lead, coordinate=together)


def _only_hands_over(text: str, one: Clause) -> bool:
    if not one.named or one.deadline or not _HANDS.match(text, one.start, one.end):
        return False
    return _ONLY_LEADS.fullmatch(text, one.lead.order, one.end) is not None


def with_fields(found: Sequence[Clause], fields: Sequence[Field]) -> list[Clause]:
    """ "Trình Thông tư. Đơn vị chủ trì: Vụ A.": fields are no order of their own."""
    labels = [one.label for one in fields if one.name in ("lead", "coordinate", "both", "time")]
    kept: list[Clause] = []
    for one in found:
        if kept and any(one.start <= at <= one.start + _LABEL_NEAR for at in labels):
            kept[-1] = replace(kept[-1], end=one.end)
        else:
            kept.append(one)
    return kept


def sharing(text: str, parts: Sequence[Clause]) -> list[Clause]:
    """Parts of one sentence with two limits report to the same, where only one names whom.

    "Báo cáo Sở Y tế trước ngày 15/01 và định kỳ hằng quý", "Báo cáo nhanh (trước ngày 20) và báo
    cáo tổng hợp (trước ngày 24) về Sở Y tế".
    """
    kept = list(parts)
    for at in range(1, len(kept)):
        before, one = kept[at - 1], kept[at]
        if before.told_to and not one.report_to.names and _says_only_when(text, one):
            kept[at] = replace(one, report_to=before.report_to, reports=True)
        if before.told_to and one.report_to.names and _passes_on(text, one):
            both = tuple(dict.fromkeys((*before.report_to.names, *one.report_to.names)))
            kept[at - 1 : at + 1] = [
                replace(part, report_to=replace(part.report_to, names=both))
                for part in (before, one)
            ]
        if one.told_to and not before.report_to.names and _begins_alike(text, before, one):
            kept[at - 1] = replace(before, report_to=one.report_to, reports=True)
    return kept


def _says_only_when(text: str, one: Clause) -> bool:
    said = one.time.evidence
    if said is None:
        return False
    rest = text[one.start : said.start] + text[said.end : one.end]
    return not _SAID.sub("", rest)


def _passes_on(text: str, one: Clause) -> bool:
    """ "… trước ngày 20 và trước ngày 15/11 hằng năm để tổng hợp, báo cáo Tỉnh ủy": for both."""
    said = one.time.evidence
    if said is None or _SAID.sub("", text[one.start : said.start]):
        return False
    return _TO_PASS_ON.match(text, said.end, one.end) is not None


def _begins_alike(text: str, before: Clause, one: Clause) -> bool:
    told = "báo cáo"
    near = text[one.start : one.start + 20].lower()
    return told in near and told in " ".join(text[before.start : before.end].lower().split())
