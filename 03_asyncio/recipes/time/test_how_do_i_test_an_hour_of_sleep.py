"""How do I test an hour of sleep, or a hang, without waiting?

With `asyncio.sleep` mocked, no time passes and no timeout fires. Instead, give the loop a clock
that jumps to the next deadline when every task is waiting. If there is no deadline, the program
hangs: the clock reports that at once. Do not use it for code that waits for threads or sockets,
since it jumps past them, nor, before Python 3.15, for delays of more than half a year (floats are
then too coarse for the loop's timers).
"""

import asyncio
import selectors
from unittest import mock

import pytest


class JumpingSelector(selectors.DefaultSelector):
    now = 0

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError('It hangs: every task is waiting, and there is no deadline')
        self.now += timeout
        return super().select(0)


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.selector = JumpingSelector()
        super().__init__(self.selector)

    def time(self):
        return self.selector.now


def seconds_taken(coro):
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        runner.run(coro)
        return runner.get_loop().time()


async def send_report():
    await asyncio.sleep(3600)


def test_wrong_way_passes_falsely():
    with mock.patch('asyncio.sleep'):
        asyncio.run(asyncio.wait_for(send_report(), timeout=60))


def test_right_way():
    assert seconds_taken(send_report()) == 3600
    with pytest.raises(TimeoutError):
        seconds_taken(asyncio.wait_for(send_report(), timeout=60))


def test_right_way_reports_a_hang():
    with pytest.raises(RuntimeError, match='It hangs'):
        seconds_taken(asyncio.Event().wait())
