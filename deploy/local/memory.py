"""Who descends from a process, and what memory they take."""

import os
from collections.abc import Iterable
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(roots: Iterable[int]) -> set[int]:
    """The roots and all that came from them and still live."""
    parents = {pid: parent for pid, (state, parent) in _living().items() if state != "Z"}
    found = set(roots) & parents.keys()
    grew = True
    while grew:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        grew = bool(more)
        found |= more
    return found


def alive(pid: int) -> bool:
    """A zombie, which only waits to be asked for its exit code, is not."""
    found = _stat(pid)
    return found is not None and found[0] != "Z"


def bytes_of(pid: int) -> int:
    """Its share of the memory (PSS: what n processes share counts 1/n each), else all (RSS)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def _living() -> dict[int, tuple[str, int]]:
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return {pid: found for pid in pids if (found := _stat(pid)) is not None}


def _stat(pid: int) -> tuple[str, int] | None:
    """State and parent."""
    try:
        state, parent, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None
    return state, int(parent)
