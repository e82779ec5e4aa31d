"""The helper's `AsyncMock` beside the standard library's: to make one, and to await one."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from timeit import default_timer, timeit
from typing import Any
from unittest import mock

from helpers import AsyncMock
from helpers.measure.bench.measure import Part, Way

CALLS = 1000  # in a row: one alone is too short for the clock


def making(kind: Callable[[], Any]) -> float:
    """Return the microseconds that it takes to make a mock, and in the end to collect it."""
    return timeit(kind, gc.enable, number=CALLS) / CALLS * 1e6


def awaiting(kind: Callable[[], Any]) -> float:
    """Return the microseconds that it takes to call a mock and await it, in a running loop."""
    return asyncio.run(_await(kind())) / CALLS * 1e6


async def _await(f: Callable[[str], Any]) -> float:
    start = default_timer()
    for _ in range(CALLS):
        await f('data')
    return default_timer() - start


def _ways(folder: Path) -> Iterator[Way]:
    kinds = {'unittest.mock.AsyncMock': mock.AsyncMock, 'helpers.AsyncMock': AsyncMock}
    for name, kind in kinds.items():
        yield Way(name, 'made', partial(making, kind))
        yield Way(name, 'awaited', partial(awaiting, kind))


PARTS = (Part('A mock: to make one, and to await a call of it', 'µs', 7, _ways),)
