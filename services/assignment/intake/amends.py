"""Which earlier letters a letter changes, corrects, replaces or withdraws."""

import re

from services.assignment.intake.citations import read_citations

_CHANGES = (
    r"(?i:sửa\s+đổi|bổ\s+sung|điều\s+chỉnh|thay\s+thế|đính\s+chính|thu\s+hồi|bãi\s+bỏ|hủy\s+bỏ)"
)
_LETTER = r"(?i:công\s+văn|văn\s+bản|kế\s+hoạch|chỉ\s+thị|công\s+điện|thông\s+báo|quyết\s+định)"
_IN_SUBJECT = re.compile(rf"\s*(?:(?i:về\s+việc)\s+)?{_CHANGES}\b")
_IN_TEXT = re.compile(
    rf"(?:{_LETTER}\s+này|UBND|[UỦ][ỷy]\s+ban\s+nhân\s+dân|Bộ|Văn\s+phòng)[^.;]{{0,60}}?\s{_CHANGES}"
    rf"(?:,\s+{_CHANGES})*\s[^.;]{{0,80}}?{_LETTER}\s+(?:số\s+)?[^.;]{{3,60}}"
)


def read_amended(text: str, subject: str | None, own: str | None) -> list[str]:
    """Numbers of the letters that this one amends; a law that another law changed is none.

    The subject says it ("V/v sửa đổi Kế hoạch số …"), or the issuer in the text ("Công văn này
    thay thế Công văn số …").
    """
    found: list[str] = []
    if subject and _IN_SUBJECT.match(subject):
        found += read_citations(subject, own)
    if re.search(_CHANGES, text) is None:
        return list(dict.fromkeys(found))
    for said in _IN_TEXT.finditer(text):
        found += read_citations(said[0], own)[:1]
    return list(dict.fromkeys(found))
