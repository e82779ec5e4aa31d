"""Use _run, leave something behind, and end: leave_behind.py WHAT."""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from helpers import _run


async def start(coro: Coroutine) -> asyncio.Task:
    """Start a task."""
    return asyncio.create_task(coro)


async def numbers() -> AsyncIterator[int]:
    """Yield a number, and await something at the end."""
    try:
        yield 1
    finally:
        await asyncio.sleep(0)


async def first(agen: AsyncIterator[int]) -> int:
    """Return the first number, and leave the generator open."""
    return await anext(agen)


what = sys.argv[1]
if what == 'a finished coroutine':
    _run(asyncio.sleep(0))
elif what == 'a thread':
    _run(asyncio.to_thread(print, end=''))
elif what == 'a pending task':
    task = _run(start(asyncio.sleep(99)))
elif what == 'an async generator':
    agen = numbers()
    _run(first(agen))
else:
    assert what == 'no call at all'
