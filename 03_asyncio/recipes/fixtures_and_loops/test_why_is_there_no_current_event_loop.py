"""Why is there "no current event loop" in my tests, on Python 3.14 for example?

In synchronous code `asyncio.get_event_loop()` used to make a loop when there was none. In a thread,
and after an `asyncio.run` in an earlier test, it never did; from Python 3.14 on it never does. In a
coroutine, write `asyncio.get_running_loop()`. In a synchronous test or fixture, write
`asyncio.run(f())` for `get_event_loop().run_until_complete(f())`; if several calls need the same
loop, use one `asyncio.Runner`. Better still, make the test `async def`.
"""

import asyncio
import unittest

import pytest


class Till:
    """Adds up, one customer at a time."""

    def __init__(self):
        self.lock = asyncio.Lock()
        self.total = 0

    async def pay(self, *amounts):
        async with self.lock:
            for amount in amounts:
                await asyncio.sleep(0)
                self.total += amount
            return self.total


def pay_the_old_way(till, amount):
    return asyncio.get_event_loop().run_until_complete(till.pay(amount))


def test_wrong_way_after_asyncio_run():
    asyncio.run(Till().pay(1))  # in an earlier test
    with pytest.raises(RuntimeError, match='There is no current event loop'):
        pay_the_old_way(Till(), 3)


class WrongWay(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_in_a_thread(self):
        with self.assertRaisesRegex(RuntimeError, 'There is no current event loop in thread'):
            await asyncio.to_thread(pay_the_old_way, Till(), 3)


def test_right_way():
    assert asyncio.run(Till().pay(3, 4)) == 7


def test_right_way_for_several_calls():
    till = Till()
    with asyncio.Runner() as runner:
        runner.run(till.pay(3))
        assert runner.run(till.pay(4)) == 7


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def test_right_way_async_def(self):
        till = Till()
        await asyncio.gather(till.pay(3), till.pay(4))
        self.assertEqual(till.total, 7)
