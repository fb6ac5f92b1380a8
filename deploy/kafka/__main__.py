"""One Apache Kafka node beside everything else, with its data in .local/kafka.

python -m deploy.kafka start     until it takes and gives records; then it runs on by itself
python -m deploy.kafka stop
python -m deploy.kafka jars      only let Maven fetch them
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.kafka import USUAL_PORT, Node, jars, prepare, takes_and_gives
from deploy.local.ports import free_port
from shared.arguments import Arguments

FOLDER = Path(".local/kafka")
PID = FOLDER / "node.pid"
LOG = FOLDER / "node.log"
READY_SECONDS = 60
STOP_SECONDS = 30


def start(port: int) -> str:
    """The node's URL; the one that runs already is left alone."""
    if (running := _running()) is not None:
        raise LocalError(f"it runs already as process {running}: make kafka-stop ends it")
    if port < 1:
        raise LocalError(f"{port} is no port: it lies between 1 and 65535")
    if free_port(port) != port:
        raise LocalError(f"port {port} is taken: say another one, make kafka PORT=19092")
    node = prepare(FOLDER, port)
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            node.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        PID.write_text(str(process.pid))
        asyncio.run(_until_ready(node, process))
    except BaseException:
        process.kill()
        process.wait()
        PID.unlink(missing_ok=True)
        raise
    return node.url


async def _until_ready(node: Node, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not await takes_and_gives(node.url):
        if process.poll() is not None:
            last = LOG.read_text(errors="replace").strip().splitlines()[-1:] or ["it wrote nothing"]
            raise LocalError(f"Kafka ended at its start: {last[0][:300]}")
        if time.monotonic() > deadline:
            raise LocalError(f"Kafka took no record within {READY_SECONDS} s; its log is {LOG}")
        await asyncio.sleep(0.2)


def stop() -> None:
    """End it and wait until it has; LocalError if none runs."""
    pid = _running()
    if pid is None:
        raise LocalError("no Kafka of this folder runs")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _running() is not None:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    PID.unlink(missing_ok=True)


def _running() -> int | None:
    """The process that the file names, if it is still our node and nobody else's process."""
    try:
        pid = int(PID.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]
    except (OSError, ValueError):
        return None
    settings = str((FOLDER / "server.properties").absolute()).encode()
    return pid if settings in command and state != "Z" else None


def main() -> int:
    parser = Arguments("kafka", __doc__)
    parser.add_argument("what", choices=("start", "stop", "jars"))
    parser.add_argument("--port", type=int, default=USUAL_PORT)
    options = parser.parse_args()
    try:
        if options.what == "stop":
            stop()
            print("kafka: stopped; its data stay in .local/kafka")
        elif options.what == "jars":
            print(f"kafka: its jars are in {jars()}")
        else:
            url = start(options.port)
            print(f"kafka: {url} takes and gives records; KAFKA_URL={url} make demo uses it")
    except LocalError as error:
        print(f"kafka: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"kafka: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
