"""What the columns of a table of orders are for, by the words above them."""

import re
from collections.abc import Sequence
from functools import lru_cache

_WHO = r"(?:cơ\s+quan|đơn\s+vị|tổ\s+chức|địa\s+phương|sở|ban|bộ|ngành|cấp)"
_COLUMNS = (
    ("number", r"stt|tt|số\s+tt|số\s+thứ\s+tự|mã(?:\s+\w+)?"),
    (
        "other",
        r"sản\s+phẩm.*|ghi\s+chú|kết\s+quả.*|căn\s+cứ.*|.*kinh\s+phí.*|.*nguồn\s+(?:lực|vốn).*",
    ),
    ("both", r".*chủ\s+trì.*phối\s+hợp.*"),
    ("coordinate", r".*phối\s+hợp.*"),
    (
        "lead",
        rf".*(?:chủ\s+trì|{_WHO}\s+(?:được\s+giao|thực\s+hiện|chịu)|đầu\s+mối|phân\s+công|trách\s+nhiệm"
        r"|tổ\s+chức\s+thực\s+hiện|người\s+thực\s+hiện).*",
    ),
    (
        "time",
        r".*(?:thời\s+(?:gian|hạn|điểm)|tiến\s+độ|hoàn\s+thành|lộ\s+trình).*|(?:mốc|hạn)(?!\s+chế)(?:\s.*)?",
    ),
    ("order", r".*(?:nhiệm\s+vụ|nội\s+dung|công\s+việc|đầu\s+việc|hoạt\s+động|giải\s+pháp).*"),
    ("unit", rf"(?:tên\s+)?(?:các\s+)?{_WHO}(?:\s*[,/-]\s*(?:{_WHO}|\w+))*"),
)  # fmt: skip
_PATTERNS = [(name, re.compile(rf"(?i:{words})\.?", re.DOTALL)) for name, words in _COLUMNS]
_HANDED = re.compile(r"nhiệm\s+vụ|công\s+việc|đầu\s+việc", re.IGNORECASE)
_LONGEST = 80
WIDEST = 14
"""How many columns a table of orders may have."""


@lru_cache(maxsize=512)
def column(said: str) -> str | None:
    """What a column is for whose head says this: "both" is for leads and for who takes part."""
    said = said.strip()
    if not said or len(said) > _LONGEST:
        return None
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(said)), None)


def columns(said: Sequence[str]) -> list[str]:
    """What each column is for; nothing if this is no head of a table of orders.

    Of two for the order the nearer to its lead has it, the other groups; of two times the last
    is the limit. A column that only says "Đơn vị" tells who is to do what is called a task.
    """
    names = [column(one) or "other" for one in said]
    if "unit" in names and not {"lead", "both"} & set(names):
        handed = any(_HANDED.search(one) for one in said)
        names = ["lead" if one == "unit" and handed else one for one in names]
    who = next((one for one in ("lead", "both") if one in names), None)
    if who is None:
        return []
    lead = names.index(who)
    names = names if "order" in names else _listed(names, lead)
    if "order" not in names:
        return []
    order = _last(names[:lead], "order")
    kept = {
        "order": names.index("order") if order is None else order,
        who: lead,
        "time": _last(names, "time"),
    }
    return [
        name if name != "unit" and kept.get(name, names.index(name)) == at else "other"
        for at, name in enumerate(names)
    ]


def _listed(names: list[str], lead: int) -> list[str]:
    """ "TT | Tên đề án | Cơ quan chủ trì | Thời gian trình": what stands before its lead."""
    at = _last(names[:lead], "other")
    if at is None or "time" not in names:
        return names
    return [*names[:at], "order", *names[at + 1 :]]


def _last(names: Sequence[str], name: str) -> int | None:
    return max((at for at, one in enumerate(names) if one == name), default=None)


def below(head: Sequence[str], first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The columns where a second row parts some of the first; nothing if it is no such row.

    A row as long as the first stands under it cell by cell; a shorter one has only the parts.
    """
    names = [column(one) for one in second]
    parts = [one for one in names if one in ("lead", "coordinate", "both", "time", "other")]
    told = [one for one in second if one.strip()]
    if not parts or len(parts) < len(told) or not {"lead", "coordinate", "time"} & set(parts):
        return []
    if len(second) == len(first):
        return columns(
            [two if two.strip() else one for one, two in zip(first, second, strict=True)]
        )
    groups = {
        "time": [two for two, name in zip(second, names, strict=True) if name == "time"],
        "lead": [two for two, name in zip(second, names, strict=True) if name != "time"],
    }
    made: list[str] = []
    for name, one in zip(head, first, strict=True):
        made += groups.get("lead" if name == "both" else name) or [one]
    return columns(made)
