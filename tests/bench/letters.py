"""B15: what reading letters takes, of one core and of memory.

Letters are of the genre and all different, made from parts; the limit decodes them, brings them to
NFC and parts them into words, which is the least that any reader does. A plan of 200 pages is read
by the command as a user runs it, as text, Word document and PDF; beside its time stands that of
Python with the same modules. A reading that finds less than half of the orders is void.
"""

import asyncio
import itertools
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.memory import bytes_of, descendants
from deploy.local.stack import temporary_folder
from services.assignment.intake.files.plain import read_plain
from services.assignment.intake.read import read_letter
from tests.assignment.intake.documents import docx, paragraph
from tests.assignment.intake.pages import pdf
from tests.assignment.intake.test_pdf import typeset
from tests.bench.line import Line, Options, Pair, Void, bounded, show

NAME = "B15"
LETTERS = 100
PAIRS = 3
RATE = 50
"""Letters a second on one core, at least."""

PAGES = 200
PAGE = 2_000
"""Characters of a page, with the blanks between its lines."""

SECONDS, MEGABYTES = 3, 300
LOOK = 0.05
"""Seconds between two looks at the memory."""

AGENCIES = (
    "Sở Công Thương", "Sở Tài chính", "Sở Nội vụ", "Sở Y tế", "Công an Thành phố",
    "UBND các quận, huyện, thị xã", "Sở Nông nghiệp và Môi trường", "Sở Giáo dục và Đào tạo",
)  # fmt: skip
ORDERS = (
    "Giao {lead} chủ trì, phối hợp với {other} rà soát, tham mưu UBND Thành phố ban hành kế hoạch"
    " triển khai, báo cáo UBND Thành phố trước ngày {day} tháng {month} năm 2026.",
    "{lead} hướng dẫn, kiểm tra việc thực hiện tại các đơn vị; tổng hợp kết quả, định kỳ hằng quý"
    " gửi {other} để theo dõi.",
    "{lead} bố trí kinh phí từ dự toán ngân sách năm 2026 cho các nhiệm vụ được giao theo quy định"
    " tại Nghị định số {month}{day}/2025/NĐ-CP của Chính phủ; hoàn thành trong quý III năm 2026.",
    "{lead} tuyên truyền, phổ biến đến từng tổ dân phố, thôn, khu dân cư về nội dung của Kế hoạch"
    " này, nêu gương các tập thể, cá nhân làm tốt và kịp thời phê bình nơi chưa làm.",
)
HEAD = """ỦY BAN NHÂN DÂN
THÀNH PHỐ HÀ NỘI
Số: {number}/UBND-KT
Hà Nội, ngày {day} tháng {month} năm 2025
V/v tăng cường công tác quản lý năm 2026

Kính gửi:
- Các Sở, ban, ngành Thành phố;
- UBND các quận, huyện, thị xã.

Thời gian qua các đơn vị đã có nhiều cố gắng, tuy nhiên kết quả còn hạn chế. UBND Thành phố yêu cầu:

"""
FOOT = """
Nơi nhận:
- Như trên;
- Lưu: VT, KT.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Nguyễn Văn A
"""


def a_letter(number: int, *, length: int = 5_000) -> str:
    """A letter of so many characters at least; no two numbers give the same."""
    day, month = number % 28 + 1, number % 12 + 1
    written = [HEAD.format(number=number, day=day, month=month)]
    size = len(written[0])
    for label, order in enumerate(_orders(number), start=1):
        if size >= length:
            break
        written.append(f"{label}. {order}\n\n")
        size += len(written[-1])
    return "".join([*written, FOOT])


def _orders(number: int) -> Iterator[str]:
    for at in itertools.count(number):
        lead, other = AGENCIES[at % 8], AGENCIES[(at * 3 + 1) % 8]
        order = ORDERS[at % len(ORDERS)]
        yield order.format(lead=lead, other=other, day=at % 28 + 1, month=at % 12 + 1)


async def measure(options: Options) -> list[Line]:
    pairs = [
        show(number, Pair(_rate(_read), _rate(_words)), "/s")
        for number in range(options.pairs or PAIRS)
    ]
    slowest = min(pair.product for pair in pairs)
    lines = [
        Line(
            NAME,
            "letters of two pages read from text, a second of one core",
            f"{pairs[0].product:.0f} /s",
            f"{pairs[0].limit:,.0f} /s",
            f"{pairs[0].ratio:.3f}",
            f"{slowest:.0f} /s",
            f"≥ {RATE} /s",
            slowest >= RATE,
        )
    ]
    with temporary_folder() as folder:
        for name, content in _plans():
            path = folder / name
            path.write_bytes(content)
            seen = [await _watched(path) for _ in range(options.pairs or PAIRS)]
            lines += _plan_lines(path.suffix, seen, await _loading())
    return lines


def _plan_lines(kind: str, seen: Sequence["Seen"], loading: float) -> list[Line]:
    what = f"a plan of {PAGES} pages, {kind}"
    shown = f"imports {loading:.2f} s"
    memory = [one.megabytes for one in seen]
    return [
        bounded(SECONDS, NAME, what, [one.seconds for one in seen], shown, "s"),
        bounded(MEGABYTES, NAME, f"{what}, memory", memory, "–", "MB"),
    ]


def _rate(read: Callable[[bytes], None]) -> float:
    letters = [a_letter(number).encode() for number in range(LETTERS)]
    started = time.process_time()
    for letter in letters:
        read(letter)
    return LETTERS / (time.process_time() - started)


def _read(letter: bytes) -> None:
    text = read_plain(letter).text
    must_be_read(text, len(read_letter(text, name="bench").tasks))


def _words(letter: bytes) -> None:
    if len(unicodedata.normalize("NFC", letter.decode()).split()) < 100:
        raise Void("the limit read no letter")


def must_be_read(text: str, tasks: int) -> None:
    if tasks * 2 < (orders := text.count("\n\n") - 2):
        raise Void(f"only {tasks} tasks were found in a letter of {orders} orders")


def _plans() -> Iterator[tuple[str, bytes]]:
    text = a_letter(0, length=PAGES * PAGE)
    yield "plan.txt", text.encode()
    yield "plan.docx", docx(*(paragraph(line) for line in text.splitlines() if line))
    yield "plan.pdf", pdf(*typeset(text))


@dataclass(frozen=True)
class Seen:
    """One run of the command: wall time, and the most that it and its child took together."""

    seconds: float
    megabytes: float


async def _watched(path: Path) -> Seen:
    started = time.monotonic()
    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.assignment.intake", path, "--out", path.parent / "out"
    )
    ended = asyncio.create_task(command.wait())
    most = 0
    while not ended.done():
        most = max(most, sum(map(bytes_of, descendants([command.pid]))))
        await asyncio.wait([ended], timeout=LOOK)
    seconds = time.monotonic() - started
    if await ended != 0:
        raise Void(f"{path.name} was not read")
    found = (path.parent / "out" / "plan.json").read_text().count('"path"')
    must_be_read(a_letter(0, length=PAGES * PAGE), found)
    return Seen(seconds, most / 2**20)


async def _loading() -> float:
    """Seconds that Python takes to load what the command loads."""
    started = time.monotonic()
    loading = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import services.assignment.intake.__main__"
    )
    await loading.wait()
    return time.monotonic() - started
