"""How do I test an hour of sleep, or a hang, without waiting?

With `asyncio.sleep` mocked, no time passes and no timeout fires. Instead, give the loop a clock
that jumps to the next deadline when every task is waiting; if there is no deadline, the program
hangs, and the clock says so at once. It jumps past threads and sockets, so fake those; and before
Python 3.15 it should not sleep for more than half a year (floats are then too coarse for timers).
IsolatedAsyncioTestCase takes the loop as its `loop_factory` from Python 3.13 on.
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


def run_without_waiting(coro):
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(coro)


async def send_report_in_the_evening(mailer):
    await asyncio.sleep(8 * 3600)
    await mailer.send('report')


def test_wrong_way_passes_falsely():
    sending = send_report_in_the_evening(mock.AsyncMock())
    with mock.patch('asyncio.sleep'):
        asyncio.run(asyncio.wait_for(sending, timeout=60))


def test_right_way():
    async def check():
        mailer = mock.AsyncMock()
        task = asyncio.create_task(send_report_in_the_evening(mailer))
        await asyncio.sleep(7.9 * 3600)
        mailer.send.assert_not_awaited()
        await task
        mailer.send.assert_awaited_once_with('report')
        assert asyncio.get_running_loop().time() == 8 * 3600

    run_without_waiting(check())


def test_right_way_with_a_timeout():
    sending = send_report_in_the_evening(mock.AsyncMock())
    with pytest.raises(TimeoutError):
        run_without_waiting(asyncio.wait_for(sending, timeout=60))


def test_right_way_reports_a_hang():
    with pytest.raises(RuntimeError, match='It hangs'):
        run_without_waiting(asyncio.Event().wait())
