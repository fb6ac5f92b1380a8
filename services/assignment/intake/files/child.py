"""The process in which one file from outside is parsed: bounded, without secrets, then gone.

Its standard input is the file, its argument the kind; it answers one line of JSON.
"""

import json
import os
import resource
import sys
from dataclasses import asdict

from services.assignment.intake.files.legacy import in_unicode
from services.assignment.intake.files.result import Kind, Reading, UnreadableLetter, checked

MEMORY = 640_000_000
"""Bytes of address space. What is really used stays far below: shared libraries count too."""

CPU_SECONDS = 60
"""Of this process, and of each that recognises a picture."""


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


def extract(raw: bytes, kind: Kind) -> Reading:
    """The text of a file of this kind; UnreadableLetter whatever is wrong with it."""
    try:
        return checked(in_unicode(_parsed(raw, kind)))
    except MemoryError:
        raise UnreadableLetter("it takes more memory than a letter may; send it in parts") from None
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
    kind = Kind(sys.argv[1])
    raw = sys.stdin.buffer.read()
    bound()
    try:
        answer = asdict(extract(raw, kind))
    except UnreadableLetter as refused:
        answer = {"refused": str(refused)}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    # what a broken file left half open may not be tidied up by libraries any more
    os._exit(0)


if __name__ == "__main__":
    main()
