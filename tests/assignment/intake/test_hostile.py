"""Files that are broken or mean harm: one clear refusal each, in bounded time and memory."""

import io
import zipfile

import pytest

from services.assignment.intake.files import reading
from services.assignment.intake.files.reading import read_file
from services.assignment.intake.files.result import MAX_FILE, MAX_TEXT, UnreadableLetter
from tests.assignment.intake import spinning
from tests.assignment.intake.documents import W, docx, paragraph

LAUGHS = "".join(
    f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' if at else '<!ENTITY l0 "ha">' for at in range(10)
)


NAMES = ", ".join(f"Sở A{number}" for number in range(3_000))


def document(prologue: str, text: str) -> str:
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    return f'{prologue}<w:document xmlns:w="{W}">{body}</w:document>'


def with_part(name: str, content: str | bytes = "x") -> bytes:
    return docx(paragraph("Sở Y tế"), parts={name: content})


def with_document(content: str | bytes) -> bytes:
    return docx(parts={"word/document.xml": content})


def linked() -> bytes:
    part = zipfile.ZipInfo("word/link")
    part.external_attr = 0o120777 << 16
    raw = io.BytesIO(docx(paragraph("Sở Y tế")))
    with zipfile.ZipFile(raw, "a") as archive:
        archive.writestr(part, "/etc/passwd")
    return raw.getvalue()


def many_parts() -> bytes:
    return docx(paragraph("Sở Y tế"), parts={f"word/media/{at}": "x" for at in range(3000)})


def nested(depth: int) -> str:
    deep = "<w:smartTag>" * depth + "<w:r><w:t>x</w:t></w:r>" + "</w:smartTag>" * depth
    return document("", "").replace("<w:r>", deep + "<w:r>", 1)


def shortened(size: int) -> bytes:
    """The part claims to be smaller than what it unpacks to."""
    raw = docx(paragraph("Sở Y tế " * 10_000))
    body = document("", "").encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        true = archive.getinfo("word/document.xml").file_size
    assert true > len(body)
    return raw.replace(true.to_bytes(4, "little"), size.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (with_part("word/media/big", b"0" * 50_000_000), "a zip bomb"),
        (with_part("word/media/big", b"0" * 61_000_000), "at most"),
        (many_parts(), "parts of"),
        (with_document(document(f"<!DOCTYPE a [{LAUGHS}]>", "&l9;")), "XML entities"),
        (
            with_document(
                document('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;")
            ),
            "XML entities",
        ),
        (
            with_document(document("<!DOCTYPE a [<!ENTITY x 'y'>]>", "&x;").encode("utf-16")),
            "XML entities",
        ),
        (with_part("../../evil"), "outside the file"),
        (with_part("/etc/evil"), "outside the file"),
        (with_part("word\\..\\evil"), "outside the file"),
        (linked(), "a link"),
        (with_part("word/embeddings/in.zip"), "another archive"),
        (with_part("word/vbaProject.bin"), "macros"),
        (with_document(nested(100_000)), "nested deeper"),
        (with_document("<w:document"), "damaged"),
        (shortened(100), "damaged"),
        (docx(paragraph("Sở Y tế"))[:-200], "damaged"),
        (docx(paragraph("   ")), "empty"),
        (docx(paragraph("Sở Y tế " * 150_000)), f"longer than {MAX_TEXT}"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "save it as .docx"),
        (b"{\\rtf1 S\\'f4}", "RTF"),
        (b"a" * (MAX_FILE + 1), "at most"),
        (f"Giao {NAMES} rà soát.\n".encode() * 10, "names more than"),
        ("1. Rà soát.\n".encode() * 6_000, "holds more than"),
    ],
    ids=range(23),
)
def test_what_is_hostile_or_broken_gives_one_line_that_says_what(raw: bytes, told: str) -> None:
    with pytest.raises(UnreadableLetter) as refused:
        read_file(raw)

    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kind", ["xl/workbook.xml", "ppt/presentation.xml", "content.xml", "a"])
def test_a_zip_of_another_kind_is_named(kind: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(kind, "x")

    with pytest.raises(UnreadableLetter, match=r"Excel|PowerPoint|OpenDocument|no Word"):
        read_file(packed.getvalue())


@pytest.mark.parametrize(
    ("raw", "media", "name"),
    [
        (b"Kinh gui", "application/pdf", None),
        (docx(paragraph("a")), "application/pdf", None),
        (b"%PDF-1.4", "text/plain", None),
        (b"\x89PNG\r\n\x1a\n", None, "letter.docx"),
    ],
)
def test_a_file_that_is_not_what_it_is_called_is_refused(
    raw: bytes, media: str | None, name: str | None
) -> None:
    with pytest.raises(UnreadableLetter, match="declared as"):
        read_file(raw, media=media, name=name)


def test_what_takes_too_long_is_given_up_with_what_to_do() -> None:
    letter = "1. Giao Sở Y tế rà soát.\n".encode() * 1_000

    with pytest.raises(UnreadableLetter, match=r"takes longer .* send it in parts"):
        read_file(letter, seconds=0.01)


def test_a_rule_that_never_ends_is_ended_by_its_use_of_the_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "PROGRAM", spinning.__name__)

    with pytest.raises(UnreadableLetter, match="takes longer or more memory"):
        read_file("Sở Y tế báo cáo.".encode())
