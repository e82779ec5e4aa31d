"""How do I test an hour of sleep, or a hang, without waiting?

A mocked `asyncio.sleep` takes no time at all, and no timeout around it ever fires. Give the event
loop a clock instead that jumps to the next deadline when no task can go on; if there is none, they
all hang, and that is an error at once. Sockets and threads, though, need the real time.
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


def run(coro):
    loop = asyncio.SelectorEventLoop(clock := Clock())
    loop.time = lambda: clock.now
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(coro)
    return clock.now


def test_wrong_way_passes_falsely():
    with mock.patch('asyncio.sleep'):
        asyncio.run(asyncio.wait_for(asyncio.sleep(3600), timeout=60))


def test_right_way():
    assert run(asyncio.sleep(3600)) == 3600
    pytest.raises(TimeoutError, run, asyncio.wait_for(asyncio.sleep(3600), timeout=60))
    pytest.raises(AssertionError, run, asyncio.Event().wait())
