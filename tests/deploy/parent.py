"""A program to be interrupted and killed: a stack, and a line for each thing that is up."""

import asyncio
import signal
import sys
from pathlib import Path

from deploy.local.stack import local_stack


async def main(folder: Path) -> None:
    async with local_stack(folder) as stack:
        await stack.processes.start("sleeper", ["sleep", "1000"])
        sys.stdout.write("up\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    asyncio.run(main(Path(sys.argv[1])))
