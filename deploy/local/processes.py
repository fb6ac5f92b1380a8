"""Processes that end when we end, however we end."""

import asyncio
import ctypes
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from deploy.local.errors import LocalError

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
STOP_SECONDS = 15


@dataclass
class Started:
    """A running process and how it was started."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    user: int | None
    log: Path
    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    def last_lines(self, count: int = 5) -> str:
        """The end of its log, for an error message."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(line[:300] for line in lines[-count:])


class Processes:
    """Starts processes, and stops them in reverse order at the end.

    Each is told by the kernel to die with this process (PR_SET_PDEATHSIG), so that a kill -9 of
    the parent leaves none behind either.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._started: dict[str, Started] = {}

    async def __aenter__(self) -> "Processes":
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await asyncio.shield(self._stop_all())

    def __getitem__(self, name: str) -> Started:
        return self._started[name]

    async def start(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        user: int | None = None,
    ) -> Started:
        """Start it with its output in ``<name>.log``; ``user`` is a uid to run as."""
        log = self.folder / f"{name}.log"
        environment = dict(os.environ if env is None else env)
        try:
            with log.open("ab") as output:
                process = await asyncio.create_subprocess_exec(
                    *argv,
                    env=environment,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    preexec_fn=_dies_with(os.getpid(), user),
                )
        except OSError as error:
            raise LocalError(f"{argv[0]} could not be started: {error.strerror}") from error
        started = Started(name, argv, environment, user, log, process)
        self._started[name] = started
        return started

    async def stop(self, name: str, sign: int = signal.SIGTERM) -> None:
        """Ask it to end, and kill it when it does not within 15 s."""
        started = self._started.pop(name)
        await _end(started, sign)

    async def kill(self, name: str) -> None:
        """kill -9, as a crash."""
        started = self._started[name]
        _signal(started, signal.SIGKILL)
        await started.process.wait()

    async def restart(self, name: str) -> Started:
        """Start it again the way it was started, after a kill or a stop of its own."""
        old = self._started[name]
        if old.running:
            await self.stop(name)
        return await self.start(name, old.argv, old.env, user=old.user)

    async def _stop_all(self) -> None:
        for started in reversed(list(self._started.values())):
            await _end(started, signal.SIGTERM)
        self._started.clear()

    def memory_bytes(self) -> int:
        """Memory of all of them and their children; what is shared counts once (PSS)."""
        roots = {started.pid for started in self._started.values() if started.running}
        return sum(_pss(pid) for pid in _with_descendants(roots))


def _dies_with(parent: int, user: int | None) -> "PreExec":
    return PreExec(parent, user)


@dataclass(frozen=True)
class PreExec:
    """What the child does before it becomes the program."""

    parent: int
    user: int | None

    def __call__(self) -> None:
        if self.user is not None:
            os.setgroups([])
            os.setgid(self.user)
            os.setuid(self.user)
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM if self.user is not None else signal.SIGKILL)
        if os.getppid() != self.parent:
            os._exit(1)


async def _end(started: Started, sign: int) -> None:
    if not started.running:
        return
    _signal(started, sign)
    try:
        await asyncio.wait_for(started.process.wait(), STOP_SECONDS)
    except TimeoutError:
        _signal(started, signal.SIGKILL)
        await started.process.wait()


def _signal(started: Started, sign: int) -> None:
    if started.running:
        started.process.send_signal(sign)


def _with_descendants(roots: set[int]) -> set[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = set(roots)
    grew = True
    while grew:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        grew = bool(more)
        found |= more
    return found


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0
