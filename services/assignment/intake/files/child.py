"""The process in which one file from outside is read: bounded, without secrets, then gone.

Its standard input is a line of JSON (kind, charset) and the file. It answers the text with what
the rules find in it, or one refusal, as JSON.
"""

import json
import os
import resource
import sys

from services.assignment.intake.files.legacy import in_unicode
from services.assignment.intake.files.plain import read_plain
from services.assignment.intake.files.result import (
    Kind,
    Reading,
    ReadLetter,
    UnreadableLetter,
    checked,
)
from services.assignment.intake.letter import FoundTask, TooManyOrders

MEMORY = 640_000_000
"""Bytes of address space. What is really used stays far below: shared libraries count too."""

CPU_SECONDS = 60
"""Of this process, and of each that recognises a picture."""

MAX_ORDERS = 5_000
"""The service holds them all; a directive has at most 500."""

MAX_NAMES = 20_000
"""Bodies that all orders together name, those of their headings with each."""


def bound() -> None:
    """From here on the kernel ends or refuses what goes too far."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # where memory is short for the whole container, this process goes and not the service
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def answer(raw: bytes, kind: Kind, charset: str | None) -> str:
    """The text of a file of this kind and what it says; UnreadableLetter whatever is wrong."""
    try:
        reading = extract(raw, kind, charset)
        # its patterns are loaded for what is a text: they are most of the time that a letter takes
        from services.assignment.intake.read import read_letter

        letter = read_letter(reading.text, name="", most=MAX_ORDERS)
        if sum(map(_names, letter.tasks)) > MAX_NAMES:
            raise UnreadableLetter(f"it names more than {MAX_NAMES} bodies; send it in parts")
        return json.dumps(ReadLetter(reading, letter), default=vars, ensure_ascii=False)
    except TooManyOrders:
        raise UnreadableLetter(
            f"it holds more than {MAX_ORDERS} orders; send it in parts"
        ) from None
    except MemoryError:
        raise UnreadableLetter("it takes more memory than a letter may; send it in parts") from None


def _names(task: FoundTask) -> int:
    return len(task.lead) + len(task.coordinate) + len(task.report_to)


def extract(raw: bytes, kind: Kind, charset: str | None = None) -> Reading:
    """The text of a file of this kind; UnreadableLetter whatever is wrong with it."""
    try:
        if kind is Kind.TEXT:
            return checked(read_plain(raw, charset))
        return checked(in_unicode(_parsed(raw, kind)))
    except RecursionError:
        raise UnreadableLetter("it is nested deeper than any letter is; save it again") from None


def _parsed(raw: bytes, kind: Kind) -> Reading:
    # each parser is loaded for its own kind alone: it is most of the time that a letter takes
    if kind is Kind.DOCX:
        from services.assignment.intake.files.docx import read_docx

        return read_docx(raw)
    if kind is Kind.PDF:
        from services.assignment.intake.files.pdf import read_pdf

        return read_pdf(raw)
    from services.assignment.intake.files.scan import read_scan

    return read_scan(raw)


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    raw = sys.stdin.buffer.read()
    bound()
    try:
        said = answer(raw, Kind(asked["kind"]), asked["charset"])
    except UnreadableLetter as refused:
        said = json.dumps({"refused": str(refused)})
    sys.stdout.write(said)
    sys.stdout.flush()
    # what a broken file left half open may not be tidied up by libraries any more
    os._exit(0)


if __name__ == "__main__":
    main()
