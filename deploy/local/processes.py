"""Processes that end when we end, however we end."""

import asyncio
import ctypes
import os
import signal
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from deploy.local.accounts import Account
from deploy.local.errors import LocalError
from deploy.local.memory import alive, bytes_of, descendants
from deploy.local.ports import hold_port, port_of

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
_TAIL_BYTES = 64 * 1024
_GONE_SECONDS = 60
"""Until the kernel has ended what was killed: nobody is asked, so this is no patience."""


@dataclass(frozen=True)
class Command:
    """What is started, and how; ``death_signal`` is what it gets when this process is gone."""

    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path | None = None
    account: Account | None = None
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL


@dataclass
class Started:
    """A process and how it was started."""

    name: str
    command: Command
    log: Path
    log_begin: int
    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    def last_lines(self, count: int = 5) -> str:
        """The end of what it wrote since this start, for an error message."""
        with self.log.open("rb") as log:
            log.seek(max(self.log_begin, self.log.stat().st_size - _TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        return "\n".join(line[:300] for line in lines[-count:]) or "it wrote nothing"


class Processes:
    """Starts processes, and stops them in reverse order at the end, also of SIGINT and SIGTERM.

    Each is told by the kernel to die with the thread that started it (PR_SET_PDEATHSIG), so a
    kill -9 leaves none behind either. Asked a second time to end, it waits for none of them.
    """

    def __init__(self, folder: Path, *, patience: float = 15.0) -> None:
        self.folder = folder
        self.patience = patience
        self._started: dict[str, Started] = {}
        self._ports: list[socket.socket] = []
        self._heeds_sigterm = False

    async def __aenter__(self) -> "Processes":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._heeds_sigterm = _end_by_sigterm_as_by_sigint()
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        stopping = asyncio.ensure_future(self._stop_all())
        try:
            await asyncio.shield(stopping)
        except asyncio.CancelledError:
            for started in self._started.values():
                _signal(started, signal.SIGKILL)
            await stopping
            raise
        finally:
            for held in self._ports:
                held.close()
            if self._heeds_sigterm:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def port(self, preferred: int = 0) -> int:
        """The preferred port if nobody has it, else any free one; kept also while who listens
        there is dead."""
        self._ports.append(hold_port(preferred))
        return port_of(self._ports[-1])

    def __getitem__(self, name: str) -> Started:
        return self._started[name]

    async def start(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        cwd: Path | None = None,
        account: Account | None = None,
        stop_signal: int = signal.SIGTERM,
        death_signal: int = signal.SIGKILL,
    ) -> Started:
        """Start it with its output in ``<name>.log``; that of an earlier run is ``.log.1``."""
        variables = dict(os.environ if env is None else env)
        return await self._start(
            name, Command(argv, variables, cwd, account, stop_signal, death_signal)
        )

    async def _start(self, name: str, command: Command) -> Started:
        before = self._started.get(name)
        if before is not None and before.running:
            raise ValueError(f"{name} runs already")
        log = self.folder / f"{name}.log"
        if before is None and log.exists():
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            begin = output.tell()
            try:
                process = await asyncio.create_subprocess_exec(
                    *command.argv,
                    env=command.env,
                    cwd=command.cwd,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    preexec_fn=_BeforeExec(os.getpid(), command),
                )
            except OSError as error:
                raise LocalError(
                    f"{command.argv[0]} could not be started: {error.strerror}"
                ) from error
        started = Started(name, command, log, begin, process)
        self._started[name] = started
        return started

    async def stop(self, name: str, sign: int | None = None) -> None:
        """Ask it to end, and kill it when it does not within ``patience`` seconds."""
        await self._end(self._started[name], sign)

    async def kill(self, name: str) -> None:
        """kill -9, as a crash, with all that it started; they are gone when this returns."""
        started = self._started[name]
        family = descendants([started.pid]) if started.running else set()
        _signal(started, signal.SIGKILL)
        for pid in family - {started.pid}:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        await started.process.wait()
        async with asyncio.timeout(_GONE_SECONDS):
            while family:
                await asyncio.sleep(0.01)
                family = {pid for pid in family if alive(pid)}

    async def restart(self, name: str) -> Started:
        """Start it again the way it was started; stops it first if it runs."""
        before = self._started[name]
        await self._end(before, None)
        return await self._start(name, before.command)

    def memory_bytes(self) -> int:
        """Memory of all of them and their children; what is shared counts once."""
        roots = [started.pid for started in self._started.values() if started.running]
        return sum(bytes_of(pid) for pid in descendants(roots))

    async def _stop_all(self) -> None:
        for started in reversed(list(self._started.values())):
            await self._end(started, None)

    async def _end(self, started: Started, sign: int | None) -> None:
        if not started.running:
            return
        _signal(started, started.command.stop_signal if sign is None else sign)
        try:
            await asyncio.wait_for(started.process.wait(), self.patience)
        except TimeoutError:
            _signal(started, signal.SIGKILL)
            await started.process.wait()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(started.pid, signal.SIGKILL)


@dataclass(frozen=True)
class _BeforeExec:
    """What the child does before it becomes the program; nothing here may import or log."""

    parent: int
    command: Command

    def __call__(self) -> None:
        # a shell's background job ignores SIGINT, and so would all that it starts
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        account = self.command.account
        if account is not None:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
        # after setuid, which takes it back
        _LIBC.prctl(_PR_SET_PDEATHSIG, self.command.death_signal)
        if os.getppid() != self.parent:
            os._exit(1)


def _signal(started: Started, sign: int) -> None:
    if started.running:
        started.process.send_signal(sign)


def _end_by_sigterm_as_by_sigint() -> bool:
    """Whether SIGTERM was still unheeded; then it does from now on what Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        return False
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return False
    interrupt = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGTERM, interrupt if callable(interrupt) else signal.default_int_handler)
    return True
