"""Waiting for what another process does."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], bool], seconds: float = 400) -> None:
    """TimeoutError if it does not come true in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  another process works on
            await asyncio.sleep(0.01)
