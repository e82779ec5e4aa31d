"""Measure two mocks with pyperf: the kit's AsyncMock, and the standard library's.

`python -m helpers.measure.bench.mocks --help` shows pyperf's own options.
"""

from unittest import mock

import pyperf

from helpers import AsyncMock

KIT = AsyncMock()
STANDARD = mock.AsyncMock()


async def await_standard() -> None:
    """Call the standard library's mock, and await it."""
    await STANDARD('data')


async def await_kit() -> None:
    """Call the kit's mock, and await it."""
    await KIT('data')


if __name__ == '__main__':
    runner = pyperf.Runner()
    runner.bench_func('made: unittest.mock.AsyncMock', mock.AsyncMock)
    runner.bench_func('made: helpers.AsyncMock', AsyncMock)
    runner.bench_async_func('awaited: unittest.mock.AsyncMock', await_standard)
    runner.bench_async_func('awaited: helpers.AsyncMock', await_kit)
