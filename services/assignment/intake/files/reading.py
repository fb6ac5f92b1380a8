"""A file from outside, read: the one way from bytes to a letter's text."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from services.assignment.intake.files.plain import read_plain
from services.assignment.intake.files.recognise import recognise
from services.assignment.intake.files.result import (
    MAX_FILE,
    MAX_TEXT,
    Kind,
    Reading,
    UnreadableLetter,
    checked,
)

_ROOT = Path(__file__).parents[4]
WALL_SECONDS = 60.0
SCAN_WALL_SECONDS = 300.0


def read_file(
    raw: bytes, *, media: str | None = None, charset: str | None = None, name: str | None = None
) -> Reading:
    """Text is decoded here; anything with a structure is parsed in a bounded process of its own.

    UnreadableLetter, in bounded time and memory, for whatever is no letter. Blocks meanwhile.
    """
    if len(raw) > MAX_FILE:
        raise UnreadableLetter(f"{len(raw)} bytes, but at most {MAX_FILE} are read")
    kind = recognise(raw, media=media, name=name)
    if kind is Kind.TEXT:
        if len(raw) > MAX_TEXT:
            raise UnreadableLetter(f"{len(raw)} bytes of text, but at most {MAX_TEXT} are read")
        return checked(read_plain(raw, charset))
    return _in_child(raw, kind)


def open_letter(path: Path) -> Reading:
    """The file's text. UnreadableLetter, in one line that names the file, whatever is wrong."""
    try:
        with path.open("rb") as file:
            if (size := os.fstat(file.fileno()).st_size) > MAX_FILE:
                raise UnreadableLetter(f"{size} bytes, but at most {MAX_FILE} are read")
            return read_file(file.read(MAX_FILE + 1), name=path.name)
    except OSError as error:
        raise UnreadableLetter(f"{path}: {error.strerror}") from error
    except UnreadableLetter as error:
        raise UnreadableLetter(f"{path}: {error}") from error


def _in_child(raw: bytes, kind: Kind) -> Reading:
    child = subprocess.Popen(
        [sys.executable, "-m", "services.assignment.intake.files.child", kind.value],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=_environment(),
        start_new_session=True,
    )
    try:
        out, _ = child.communicate(raw, timeout=_wall(kind))
    except subprocess.TimeoutExpired:
        raise UnreadableLetter("it takes longer to read than a letter may") from None
    finally:
        _end(child)
    return _answer(out, child.returncode)


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


def _answer(out: bytes, code: int) -> Reading:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise UnreadableLetter("it takes longer or more memory to read than a letter may")
    if code != 0:
        raise UnreadableLetter(f"the file is damaged: its reader gave up ({code}); save it again")
    answer = json.loads(out)
    if "refused" in answer:
        raise UnreadableLetter(answer["refused"])
    return Reading(answer["text"], Kind(answer["kind"]), answer["notes"])
