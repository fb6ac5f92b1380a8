"""A zip from outside, opened within bounds: nothing of it is ever written to disk."""

import io
import stat
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from services.assignment.intake.files.result import UnreadableLetter

MOST_PARTS = 2_000
MOST_BYTES = 60_000_000
MOST_RATIO = 200
"""Unpacked to packed size of the whole; Word's own files stay below 40."""
FREE_RATIO_BYTES = 5_000_000
"""A small file may be packed as well as it likes."""
LARGEST_XML = 30_000_000
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    ParseError,
    expat.ExpatError,
)
"""What the libraries raise for a part that is not what it should be."""


class Archive:
    """The parts of an Office file. UnreadableLetter for anything that no office program writes."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise UnreadableLetter(f"the file is damaged ({error}); save it again") from error
        self._parts = {one.filename: one for one in self._zip.infolist()}
        _check(self._zip.infolist(), len(raw))

    @property
    def names(self) -> set[str]:
        return set(self._parts)

    def xml(self, name: str) -> Element | None:
        """The root of a part, None if there is no such part. No DTD, so no entity, is allowed."""
        part = self._parts.get(name)
        if part is None:
            return None
        if part.file_size > LARGEST_XML:
            raise UnreadableLetter(f"{name} has more than {LARGEST_XML} bytes")
        try:
            with self._zip.open(part) as file:
                raw = file.read(LARGEST_XML + 1)
            _refuse_dtd(raw)
            return fromstring(raw)
        except UnreadableLetter:
            raise
        except _DAMAGE as error:
            raise UnreadableLetter(f"{name} is damaged ({error}); save the file again") from error


def _check(parts: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(one.file_size for one in parts)
    if len(parts) > MOST_PARTS or total > MOST_BYTES:
        raise UnreadableLetter(
            f"the file unpacks to {len(parts)} parts of {total} bytes;"
            f" at most {MOST_PARTS} of {MOST_BYTES} are read"
        )
    if total > FREE_RATIO_BYTES and total > MOST_RATIO * packed:
        raise UnreadableLetter(f"the file unpacks to {total // packed} times its size: a zip bomb")
    if len({one.filename for one in parts}) < len(parts):
        raise UnreadableLetter("the file holds two parts of the same name")
    for one in parts:
        _check_part(one)


def _check_part(part: zipfile.ZipInfo) -> None:
    name = part.filename
    if ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name:
        raise UnreadableLetter(f"a part is named {name[:60]!r}: it points outside the file")
    if stat.S_ISLNK(part.external_attr >> 16):
        raise UnreadableLetter(f"the part {name[:60]!r} is a link")
    if name.lower().endswith((".zip", ".jar", ".7z", ".rar")):
        raise UnreadableLetter(f"the file holds another archive, {name[:60]!r}")
    if part.flag_bits & 1:
        raise UnreadableLetter("the file is locked with a password; save it without one")


def _refuse_dtd(raw: bytes) -> None:
    """Parses the prologue only; whatever the encoding, a document type is seen there or nowhere."""
    parser = expat.ParserCreate()

    def declared(*_: object) -> None:
        raise UnreadableLetter("the file declares XML entities, which no office program does")

    class Begun(Exception):
        pass

    def begun(*_: object) -> None:
        raise Begun

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        parser.Parse(raw, True)
    except Begun:
        return
