"""What a file is, by its first bytes and by what its sender says; the two must agree."""

from pathlib import PurePath

from services.assignment.intake.files.result import Kind, UnreadableLetter

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {
    "text/plain": Kind.TEXT,
    DOCX: Kind.DOCX,
    "application/pdf": Kind.PDF,
    "image/png": Kind.SCAN,
    "image/jpeg": Kind.SCAN,
    "image/tiff": Kind.SCAN,
}
"""The media types that are read, and the kind that each promises."""

_ENDINGS = {
    ".txt": Kind.TEXT,
    ".docx": Kind.DOCX,
    ".pdf": Kind.PDF,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), Kind.SCAN),
}
_BEGINNINGS = (
    (b"PK\x03\x04", Kind.DOCX),
    (b"\x89PNG\r\n\x1a\n", Kind.SCAN),
    (b"\xff\xd8\xff", Kind.SCAN),
    (b"II*\x00", Kind.SCAN),
    (b"MM\x00*", Kind.SCAN),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

OLD_WORD = (
    "an old Word file (.doc) or one locked with a password is not read: open it in Word or"
    " LibreOffice and save it as .docx without a password, or run"
    " soffice --headless --convert-to docx FILE"
)


def recognise(raw: bytes, *, media: str | None = None, name: str | None = None) -> Kind:
    """UnreadableLetter for a kind that is not read, or one that is not what was declared."""
    found = _begins(raw)
    declared = MEDIA.get(media or "") or _ENDINGS.get(PurePath(name or "").suffix.lower())
    if declared is not None and declared is not found:
        raise UnreadableLetter(
            f"declared as {media or name}, but its bytes are {_WORDS[found]};"
            " send it as what it is, or save it again"
        )
    return found


_WORDS = {
    Kind.TEXT: "no such file's",
    Kind.DOCX: "those of a zip archive (.docx)",
    Kind.PDF: "those of a PDF",
    Kind.SCAN: "those of a picture",
}


def _begins(raw: bytes) -> Kind:
    if raw.startswith(_OLE):
        raise UnreadableLetter(OLD_WORD)
    if raw.startswith(b"{\\rtf"):
        raise UnreadableLetter("an RTF file is not read; save it as .docx")
    for beginning, kind in _BEGINNINGS:
        if raw.startswith(beginning):
            return kind
    return Kind.PDF if b"%PDF-" in raw[:1024] else Kind.TEXT
