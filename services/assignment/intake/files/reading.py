"""A file from outside, read: the one way from bytes to what a letter says."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from services.assignment.intake.files.recognise import recognise
from services.assignment.intake.files.result import (
    MAX_FILE,
    MAX_TEXT,
    Kind,
    ReadLetter,
    UnreadableLetter,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

PROGRAM = "services.assignment.intake.files.child"
_ROOT = Path(__file__).parents[4]
WALL_SECONDS = 120.0
"""Twice what the process may take of a processor: the machine may be busy."""
SCAN_WALL_SECONDS = 300.0


@dataclass(frozen=True)
class _Refusal:
    refused: str


@cache
def _answers() -> "TypeAdapter[ReadLetter | _Refusal]":
    from pydantic import TypeAdapter

    return TypeAdapter(ReadLetter | _Refusal)


def read_file(
    raw: bytes,
    *,
    media: str | None = None,
    charset: str | None = None,
    name: str | None = None,
    seconds: float | None = None,
) -> ReadLetter:
    """Parsed and read by the rules in a bounded process of its own; ``seconds``: less than usual.

    UnreadableLetter, in bounded time and memory, for whatever is no letter. Blocks meanwhile.
    """
    if len(raw) > MAX_FILE:
        raise UnreadableLetter(f"{len(raw)} bytes, but at most {MAX_FILE} are read")
    kind = recognise(raw, media=media, name=name)
    if kind is Kind.TEXT and len(raw) > MAX_TEXT:
        raise UnreadableLetter(f"{len(raw)} bytes of text, but at most {MAX_TEXT} are read")
    asked = json.dumps({"kind": kind, "charset": charset})
    return _in_child(f"{asked}\n".encode() + raw, seconds or _wall(kind))


def open_letter(path: Path) -> ReadLetter:
    """The file, read. UnreadableLetter, in one line that names the file, whatever is wrong."""
    try:
        with path.open("rb") as file:
            if (size := os.fstat(file.fileno()).st_size) > MAX_FILE:
                raise UnreadableLetter(f"{size} bytes, but at most {MAX_FILE} are read")
            read = read_file(file.read(MAX_FILE + 1), name=path.name)
            return replace(read, letter=replace(read.letter, name=path.stem))
    except OSError as error:
        raise UnreadableLetter(f"{path}: {error.strerror}") from error
    except UnreadableLetter as error:
        raise UnreadableLetter(f"{path}: {error}") from error


def _in_child(asked: bytes, seconds: float) -> ReadLetter:
    child = subprocess.Popen(
        [sys.executable, "-m", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=_environment(),
        start_new_session=True,
    )
    try:
        _answers()  # loaded while the child loads: it takes as long as a letter
        out, _ = child.communicate(asked, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise UnreadableLetter(f"it takes longer {_THAN_A_LETTER}") from None
    finally:
        _end(child)
    return _answer(out, child.returncode)


_THAN_A_LETTER = "to read than a letter may; send it in parts"


def _wall(kind: Kind) -> float:
    return SCAN_WALL_SECONDS if kind in (Kind.SCAN, Kind.PDF) else WALL_SECONDS


def _environment() -> dict[str, str]:
    """Nothing of the service's own: passwords and addresses are no business of a parser."""
    known = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    return {**known, "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _end(child: "subprocess.Popen[bytes]") -> None:
    """The child and whatever it started."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def _answer(out: bytes, code: int) -> ReadLetter:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise UnreadableLetter(f"it takes longer or more memory {_THAN_A_LETTER}")
    if code != 0:
        raise UnreadableLetter(f"the file is damaged: its reader gave up ({code}); save it again")
    answer = _answers().validate_json(out)
    if isinstance(answer, _Refusal):
        raise UnreadableLetter(answer.refused)
    return answer
