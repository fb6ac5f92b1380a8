"""Plain text in whatever coding it was saved."""

import codecs

from services.assignment.intake.files.legacy import ENOUGH, in_unicode, vietnamese
from services.assignment.intake.files.result import Kind, Reading, UnreadableLetter

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_plain(raw: bytes, charset: str | None = None) -> Reading:
    """Line ends and normal form stay as they are; ``charset`` is what the sender declared."""
    for mark, coding in _MARKS:
        if raw.startswith(mark):
            return in_unicode(Reading(_decoded(raw[len(mark) :], coding), Kind.TEXT))
    if charset is not None and charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        text = _decoded(raw, _known(charset))
        return in_unicode(Reading(text, Kind.TEXT, [f"encoding {charset.lower()}"]))
    try:
        return in_unicode(Reading(raw.decode("utf-8"), Kind.TEXT))
    except UnicodeDecodeError as error:
        if (guessed := _without_mark(raw)) is not None:
            return guessed
        raise UnreadableLetter(
            f"not UTF-8 text (byte {error.start}), nor Vietnamese in UTF-16, TCVN3, VNI or"
            " windows-1258; save it as UTF-8"
        ) from error


def _decoded(raw: bytes, coding: str) -> str:
    try:
        return raw.decode(coding)
    except UnicodeDecodeError as error:
        raise UnreadableLetter(f"not {coding.upper()} text (byte {error.start})") from error


def _known(charset: str) -> str:
    """Only codings of text: some that Python knows unpack or look up."""
    name = charset.lower().replace("_", "-")
    if name in ("utf-16", "utf-16le", "utf-16be", "utf-16-le", "utf-16-be"):
        return name
    if name in ("windows-1258", "cp1258", "windows-1252", "cp1252", "iso-8859-1", "latin-1"):
        return name.replace("windows-", "cp")
    raise UnreadableLetter(f"the charset {charset[:40]!r} is not read; send the letter as UTF-8")


def _without_mark(raw: bytes) -> Reading | None:
    """UTF-16 that lacks its mark, or an old 8-bit coding: whichever reads as Vietnamese."""
    for coding in ("utf-16-le", "utf-16-be"):
        try:
            text = raw.decode(coding)
        except UnicodeDecodeError:
            continue
        if vietnamese(text) > ENOUGH:
            return Reading(text, Kind.TEXT, [f"encoding {coding}"])
    if b"\x00" in raw:
        return None
    read = raw.decode("cp1258", errors="replace")
    if vietnamese(read) > ENOUGH:
        return Reading(read, Kind.TEXT, ["encoding windows-1258"])
    legacy = in_unicode(Reading(raw.decode("latin-1"), Kind.TEXT))
    return legacy if legacy.notes else None
