"""Clauses put together again where they do not differ in who, to whom or until when."""

import re
from dataclasses import replace

from services.assignment.intake.clause import Clause
from services.assignment.intake.named import joined
from services.assignment.intake.sentences import begins_order

_CLOSING_LIMIT = re.compile(
    r",\s+(?:(?:báo\s+cáo|trình)\s[^,;.]{3,80}kết\s+quả|có\s+kết\s+quả|thực\s+hiện"
    r"|(?P<done>xong|hoàn\s+thành))(?=\s)"
)
_FEW_WORDS = 50
"""So short an order is done by the limit of the one behind it."""
_LAST_REPORT = re.compile(
    r"\s*(?i:(?:sớm|kịp\s+thời|để)\s+)?(?:báo\s+cáo|trình)\s(?!danh\s+sách\b|số\s+liệu\b|nhu\s+cầu\b)[^;:.]{3,150}"
)
_SUBMITTED_WITH = re.compile(r"\s*phối\s+hợp\s[^;:.]{3,80}?\s$")
_SENDS = re.compile(r"\s*(?i:gửi)\s")
_ON_THE_ORDER = re.compile(r"\s*,?\s*(?:về\s+)?(?:kết\s+quả)?(?:\s+thực\s+hiện)?\s*")
_WITH_OTHERS = re.compile(r"\s*(?i:phối|kết)\s+hợp\b")
_STATED_LIMIT = re.compile(r"\(\s*(?i:thời\s+(?:hạn|gian)\s+(?:hoàn\s+thành|thực\s+hiện))\s")
_DONE = re.compile(r"\s*(?i:hoàn\s+thành|xong)\s")
_BEHIND_LIMIT = re.compile(r"(?:\s*,\s+|\s+(?:phải|cần)\s+)(?!hoàn\s+thành\b)")
_ISSUES = re.compile(r"\s*(?i:ban\s+hành)\s")
"""A limit for what the order just before it draws up: "…; ban hành trước ngày …"."""
TIME_ONLY = re.compile(
    r"\s*(?i:(?:thời\s+gian|thời\s+hạn|tiến\s+độ|hạn)\s"
    r"|(?:(?:phấn\s+đấu|bảo\s+đảm|đảm\s+bảo|cơ\s+bản)\s+)?hoàn\s+thành\s+(?:trước|trong|chậm|xong|vào|việc\s+này)|xong\s+(?:trước|trong|vào|ngay)|ban\s+hành\s+(?:trước|chậm\s+nhất)\s|chậm\s+nhất|không\s+(?:được\s+)?(?:để\s+)?quá\s+(?=\d)"
    r"|(?:các\s+)?nội\s+dung\s+trên|công\s+việc\s+hoàn\s+thành|việc\s+.{0,40}hoàn\s+thành)",
    re.DOTALL,
)


def with_times_behind(text: str, found: list[Clause]) -> list[Clause]:
    """ "… . Thời gian hoàn thành trước ngày …": a limit behind orders holds for each of them."""
    kept: list[Clause] = []
    timed = 0  # what was told once needs no second look: there may be thousands
    for one in found:
        if kept and one.deadline and _only_limits(text, one):
            kept[-1] = replace(kept[-1], end=one.end)
            first = timed if not _ISSUES.match(text, one.start, one.end) else len(kept) - 1
            kept[first:] = [
                k if k.deadline or k.recurrence else replace(k, time=one.time) for k in kept[first:]
            ]
            timed = len(kept)
        else:
            kept.append(one)
    return _with_limit_in_brackets(text, kept)


def _only_limits(text: str, one: Clause) -> bool:
    """ "Chậm nhất ngày …", unless it goes on with an order: "… phải phê duyệt phương án"."""
    said = one.time.evidence
    if said is None or TIME_ONLY.match(text, one.start, one.end) is None:
        return False
    rest = _BEHIND_LIMIT.match(text, said.end, one.end)
    if rest and rest[0].lstrip()[0] == "," and _DONE.match(text, one.start, one.end):
        return True
    return rest is None or not begins_order(text, rest.end(), one.end)


def _with_limit_in_brackets(text: str, found: list[Clause]) -> list[Clause]:
    """ "…; … (thời hạn hoàn thành trong Quý IV/2025)": stated so, it holds for those before too."""
    said = found[-1].time.evidence if found else None
    if said is None or _STATED_LIMIT.search(text, max(0, said.start - 40), said.end) is None:
        return found
    return [
        one if one.deadline or one.recurrence else replace(one, time=found[-1].time)
        for one in found
    ]


def merged(text: str, found: list[Clause]) -> list[Clause]:
    """Neighbours that do not differ are one order; a report on the order itself belongs to it."""
    found = _with_last_for_all(text, _rows_with_limit(text, found))
    reported: list[Clause] = []
    for one in found:
        if reported and _reports_on(text, reported, one):
            reported[-1] = _all([reported[-1], one])
        else:
            reported.append(one)
    reported = _with_last_for_all(text, reported)
    if len({one.told for one in reported}) < 2:
        return [_all(reported)] if reported else []
    rows: list[list[Clause]] = []
    beside: dict[str, None] = {}
    for one in reported:
        if rows and _same(text, rows[-1], beside, one):
            rows[-1].append(one)
            beside |= dict.fromkeys(one.coordinate.names)
        else:
            rows.append([one])
            beside = dict.fromkeys(one.coordinate.names)
    return [_all(row) for row in rows]


def _with_last_for_all(text: str, found: list[Clause]) -> list[Clause]:
    """The last orders of one body as one, where what ends them is for each of them."""
    first = len(found)
    while first > 0 and found[first - 1].lead.names == found[-1].lead.names:
        first -= 1
    if not _ends_for_all(text, found[first:]):
        return found
    return [*found[:first], _all(found[first:])]


def _rows_with_limit(text: str, found: list[Clause]) -> list[Clause]:
    """ "A; B, hoàn thành trước ngày …; C, hoàn thành trước ngày …": each limit closes a row."""
    kept: list[Clause] = []
    row: list[Clause] = []
    for one in found:
        if row and row[0].lead.names != one.lead.names:
            kept += row
            row = []
        row.append(one)
        if one.deadline or one.told_to or one.reports or one.time.evidence:
            kept += [_all(row)] if _ends_for_all(text, row) else row
            row = []
    return [*kept, *row]


def _ends_for_all(text: str, found: list[Clause]) -> bool:
    """ "…; …, báo cáo UBND tỉnh kết quả trước ngày …": what closes a row of orders is for each."""
    if len(found) < 2:
        return False
    last, time = found[-1], found[-1].time.evidence
    if any(one.told_to or one.time.evidence or one.reports for one in found[:-1]):
        return False
    if last.deadline is None or last.deadline.kind == "recurring" or time is None:
        return False
    if text[time.end : last.end].strip(" .;\n"):
        return False
    if _LAST_REPORT.match(text, last.start, time.start):
        return True
    if _submitted_with_others(text, last, time.start):
        return True
    closing = _CLOSING_LIMIT.search(text, max(last.start, time.start - 120), time.end)
    if closing is None:
        return False
    return not closing["done"] or all(one.end - one.start <= _FEW_WORDS for one in found[:-1])


def _submitted_with_others(text: str, last: Clause, time: int) -> bool:
    """ "Xây dựng quy chế …; phối hợp Bộ Nội vụ trình Chính phủ trong quý I": what was built."""
    to = last.report_to.evidence
    if to is None or _SUBMITTED_WITH.fullmatch(text, last.start, to.start) is None:
        return False
    rest = _ON_THE_ORDER.match(text, to.end, time)
    return rest is not None and rest.end() == time


def _reports_on(text: str, found: list[Clause], one: Clause) -> bool:
    """ "…; báo cáo UBND tỉnh kết quả trước ngày …": a report once, on what was just ordered.

    Behind several orders "gửi kết quả rà soát về …" is on one of them, and stands for itself.
    """
    before = found[-1]
    if len(found) > 1 and found[-2].told == before.told and _SENDS.match(text, one.start):
        return False
    if before.lead.names != one.lead.names or not one.report_to.names:
        return False
    if before.deadline:
        return False
    if before.reports and before.report_to.names != one.report_to.names:
        return False
    if one.deadline is None or one.time.evidence is None:
        return False
    if one.deadline.kind in ("recurring", "relative"):
        return False
    to = one.report_to.evidence
    if to is None or text[one.start : to.start].strip(" \n"):
        return False
    if to.rule == "receiver-after-cho" and "kết quả" not in text[to.start : to.end]:
        return False
    rest = _ON_THE_ORDER.match(text, to.end, one.end)
    return rest is not None and rest.end() >= one.time.evidence.start


def _same(text: str, row: list[Clause], beside: dict[str, None], one: Clause) -> bool:
    """No difference that makes two orders; "phối hợp với …" begins another of its own.

    "Bộ A kiểm tra giá; phối hợp với Bộ B chống buôn lậu" is one where the row names its lead.
    ``beside`` are all whom the row tells to take part.
    """
    before = row[-1]
    if (before.lead.names, before.deadline, before.recurrence) != (
        one.lead.names,
        one.deadline,
        one.recurrence,
    ):
        return False
    if before.told_to != one.told_to:
        return before.reports and one.reports and not before.told_to
    if before.reports != one.reports and not one.asks:
        return False
    same = len(beside) == len(one.coordinate.names) and tuple(beside) == one.coordinate.names
    others = _WITH_OTHERS.match(text, one.start, one.end)
    return same or others is None or (row[0].named and others[0].strip()[0].islower())


def _all(found: list[Clause]) -> Clause:
    """One order of several, in one pass however many there are."""
    first, last = found[0], found[-1]
    return replace(
        first,
        end=last.end,
        coordinate=joined([one.coordinate for one in found]),
        report_to=joined([one.report_to for one in found]),
        time=next((one.time for one in found if one.time.evidence), last.time),
        money=next((one.money for one in found if one.money), None),
        reports=any(one.reports for one in found),
    )
