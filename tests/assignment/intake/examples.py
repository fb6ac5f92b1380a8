"""Small sound inputs for a fuzzer to begin with, each after the number of what it is tried on."""

from tests.assignment.intake.documents import MC, W, docx, level, numbering, paragraph, table

_BODY = (
    f'<w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>'
    + paragraph("Sở Y tế báo cáo", list_of=(1, 0))
    + table([["STT", "Nhiệm vụ"], ["1", "Rà soát"]])
    + "<w:ins><w:p><w:r><w:t>a</w:t></w:r></w:p></w:ins></w:body></w:document>"
)
_TEXT = (
    "Kính gửi: Sở Y tế\nUBND tỉnh yêu cầu:\n1. Sở Y tế báo cáo UBND tỉnh trước ngày 10/12/2025.\n"
)

EXAMPLES = (
    b"\x00" + _TEXT.encode(),
    b"\x00" + _TEXT.encode("utf-16"),
    b"\x01" + _BODY.encode(),
    b"\x02" + numbering([level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)")]).encode(),
    b"\x03" + docx(paragraph("Sở Y tế"))[4:],
    b"\x04" + bytes(range(256)),
)
