"""How do I test an hour of sleep, or a hang, without waiting?

With `asyncio.sleep` mocked, no time passes and no timeout fires. Give the loop a clock that jumps
to the next deadline when no task can go on; if there is none, all of them hang: an error at once.
It is not for code that waits for threads or sockets, past which it jumps, nor for over half a year.
"""

import asyncio
import selectors
from unittest import mock

import pytest


class Clock(selectors.DefaultSelector):
    now = 0

    def select(self, timeout=None):
        assert timeout is not None, 'it hangs'
        self.now += timeout
        return super().select(0)


def seconds_of(coro):
    loop = asyncio.SelectorEventLoop(clock := Clock())
    loop.time = lambda: clock.now
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(coro)
    return clock.now


def test_wrong_way_passes_falsely():
    with mock.patch('asyncio.sleep'):
        asyncio.run(asyncio.wait_for(asyncio.sleep(3600), timeout=60))


def test_right_way():
    assert seconds_of(asyncio.sleep(3600)) == 3600
    pytest.raises(TimeoutError, seconds_of, asyncio.wait_for(asyncio.sleep(3600), timeout=60))
    pytest.raises(AssertionError, seconds_of, asyncio.Event().wait())
