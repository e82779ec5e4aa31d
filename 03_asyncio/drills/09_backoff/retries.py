"""Ask a server that may be down again, and wait longer each time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

LONGEST = 3600.0  # seconds between two attempts


async def fetch_patiently(fetch: Callable[[], Awaitable[Any]], attempts: int = 20) -> Any:
    """Return what fetch() returns.

    After a ConnectionError, wait a second, then twice as long each time, but never more than an
    hour. Raises the ConnectionError of the last attempt.
    """
    delay = 1.0
    for _ in range(attempts - 1):
        try:
            return await fetch()
        except ConnectionError:
            await asyncio.sleep(delay)
        delay = min(delay * 2, LONGEST)
    return await fetch()
