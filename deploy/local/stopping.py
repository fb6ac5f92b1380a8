"""A program that Ctrl-C or SIGTERM ends in order, so that it leaves no process behind."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


def run_until_stopped(program: Coroutine[None, None, Result]) -> Result:
    """What ``program`` returns; CancelledError once it has ended after SIGINT or SIGTERM."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(program)
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, task.cancel)
    try:
        return loop.run_until_complete(task)
    finally:
        loop.close()
