"""Plain text in each coding that letters were saved in."""

import codecs
import unicodedata

import pytest

from services.assignment.intake.files.legacy import coding_of_font, recognised
from services.assignment.intake.files.plain import read_plain
from services.assignment.intake.files.result import UnreadableLetter

LETTER = "Cộng hòa xã hội chủ nghĩa Việt Nam\r\nĐộc lập - Tự do - Hạnh phúc\r\nSở Nội vụ báo cáo"
TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam\r\n§éc lËp - Tù do - H¹nh phóc\r\nSë Néi vô b¸o c¸o"
VNI = (
    "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\r\nÑoäc laäp - Töï do - Haïnh phuùc\r\n"
    "Sôû Noäi vuï baùo caùo"
)


@pytest.mark.parametrize(
    ("raw", "notes"),
    [
        (LETTER.encode(), []),
        (codecs.BOM_UTF8 + LETTER.encode(), []),
        (LETTER.encode("utf-16"), []),
        (codecs.BOM_UTF16_BE + LETTER.encode("utf-16-be"), []),
        (LETTER.encode("utf-16-le"), ["encoding utf-16-le"]),
        (LETTER.encode("utf-16-be"), ["encoding utf-16-be"]),
        (TCVN3.encode("latin-1"), ["encoding TCVN3"]),
        (VNI.encode("latin-1"), ["encoding VNI"]),
        (TCVN3.encode(), ["encoding TCVN3"]),
        (VNI.encode(), ["encoding VNI"]),
    ],
)
def test_every_coding_gives_the_same_letter(raw: bytes, notes: list[str]) -> None:
    reading = read_plain(raw)

    assert (reading.text, reading.notes) == (LETTER, notes)


def test_windows_1258_is_read_with_its_combining_marks() -> None:
    # the code page holds the vowels with hat or breve and the five tones apart
    whole = unicodedata.normalize("NFD", LETTER)
    for letter in "âăêôơư":
        whole = whole.replace(unicodedata.normalize("NFD", letter), letter)
    whole = whole.replace("o\u0323\u0302", "ô\u0323").replace("e\u0323\u0302", "ê\u0323")
    whole = whole.replace("a\u0323\u0302", "â\u0323")

    reading = read_plain(whole.encode("cp1258"))

    assert unicodedata.normalize("NFC", reading.text) == LETTER
    assert reading.notes == ["encoding windows-1258"]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_any_normal_form_and_invisible_characters_stay_as_they_are(form: str) -> None:
    text = unicodedata.normalize(form, LETTER) + "\u200b\u2060"  # type: ignore[arg-type]

    assert read_plain(text.encode()).text == text


@pytest.mark.parametrize(
    "text",
    ["Le café à l’hôtel où naît l’été, là-bas", "Größe, Übung, schön", "plain ASCII", "公文", ""],
)
def test_text_of_other_languages_is_left_alone(text: str) -> None:
    assert recognised(text) is None


def test_bytes_of_no_coding_are_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableLetter, match=r"byte 0.*save it as UTF-8"):
        read_plain(b"\xff\x80\x90 not a letter")


@pytest.mark.parametrize("charset", ["rot13", "zlib_codec", "idna", "utf-7", "x" * 500])
def test_a_charset_that_is_none_of_text_is_refused(charset: str) -> None:
    with pytest.raises(UnreadableLetter, match="is not read"):
        read_plain(b"abc", charset)


@pytest.mark.parametrize(
    ("font", "coding"),
    [
        (".VnTime", "TCVN3"),
        (".vnarialh", "TCVN3"),
        ("VNI-Times", "VNI"),
        ("Arial", None),
        (None, None),
    ],
)
def test_fonts_tell_their_coding(font: str | None, coding: str | None) -> None:
    assert coding_of_font(font) == coding
