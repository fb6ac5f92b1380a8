"""PDFs that tests write glyph by glyph, so that each line stands where the test wants it."""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842
GLYPH = 0.5
"""Each glyph is half as wide as its size."""

_MAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange
%s endcmap end end"""


@dataclass(frozen=True)
class Line:
    """Text that begins at ``x``, its foot ``y`` below the page's top."""

    x: float
    y: float
    text: str
    size: float = 12

    @property
    def drawn(self) -> str:
        codes = self.text.encode("utf-16-be").hex()
        return f"BT /F {self.size} Tf {self.x} {HEIGHT - self.y} Td <{codes}> Tj ET"


@dataclass(frozen=True)
class Rule:
    """A thin line, as tables have them."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def drawn(self) -> str:
        return f"{self.x0} {HEIGHT - self.y0} m {self.x1} {HEIGHT - self.y1} l S"


def pdf(*pages: Sequence[Line | Rule]) -> bytes:
    """A PDF with a text layer; no font is embedded, so only its text can be read.

    A character beyond U+FFFF is two codes that stand for nothing.
    """
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(len(pages)))
    used = sorted(
        {ord(c) for page in pages for one in page if isinstance(one, Line) for c in one.text}
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/T/Encoding/Identity-H/ToUnicode 4 0 R/DescendantFonts"
        b"[<</Type/Font/Subtype/CIDFontType2/BaseFont/T/DW 500/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/T"
        b"/Flags 4/Ascent 900/Descent -200/FontBBox[0 -200 500 900]>>>>]>>",
        _stream(_MAP % b"\n".join(_mapped(used))),
    ]
    for at, page in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {6 + 2 * at} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>".encode()
        )
        objects.append(_stream("\n".join(one.drawn for one in page).encode()))
    return _file(objects)


def scanned(gray: bytes, wide: int, high: int) -> bytes:
    """One page that is a picture: a byte of grey for each point of it."""
    drawing = _stream(b"q %d 0 0 %d 0 0 cm /I Do Q" % (WIDTH, HEIGHT))
    picture = zlib.compress(gray)
    head = (
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Filter/FlateDecode/Length %d>>" % (wide, high, len(picture))
    )
    return _file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R"
            b"/Resources<</XObject<</I 5 0 R>>>>>>" % (WIDTH, HEIGHT),
            drawing,
            head + b"stream\n" + picture + b"\nendstream",
        ]
    )


def png(gray: bytes, wide: int, high: int) -> bytes:
    """The same picture as a file of its own."""
    rows = b"".join(b"\0" + gray[at : at + wide] for at in range(0, wide * high, wide))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )


def packed(content: bytes, *, times: int) -> bytes:
    """One page whose drawing unpacks as many times."""
    page = pdf([Line(60, 60, "a")])
    plain = page.index(_stream(Line(60, 60, "a").drawn.encode()))
    filters = b"/FlateDecode" * times
    stream = b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters, content)
    return page[:plain] + stream + page[page.index(b"\nendobj", plain) :]


def _mapped(used: Iterable[int]) -> Iterable[bytes]:
    codes = [one for one in used if one < 0x10000]
    for at in range(0, len(codes), 100):
        some = codes[at : at + 100]
        yield f"{len(some)} beginbfchar".encode()
        yield from (f"<{code:04x}> <{code:04x}>".encode() for code in some)
        yield b"endbfchar"


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    written = b"%PDF-1.7\n"
    places = []
    for at, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (at, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n" % count
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, len(written))
    )
