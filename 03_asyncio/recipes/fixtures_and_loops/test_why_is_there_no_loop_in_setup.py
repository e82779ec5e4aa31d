"""Why is there "no running event loop" in `setUp`?

`setUp` is an ordinary function: nothing in it can be awaited, and no loop is running yet; an
`async def setUp` is called but never awaited. In an IsolatedAsyncioTestCase, write asyncSetUp and
asyncTearDown. Better than asyncTearDown, which does not run when asyncSetUp fails, is to announce
the clean-up at once: `self.addAsyncCleanup(client.close)`, or `await self.enterAsyncContext(...)`
(Python 3.11) for what goes into an `async with`. The order is setUp, asyncSetUp, the test,
asyncTearDown, tearDown, then the clean-ups, the last one first.
"""

import asyncio
import unittest

import pytest


class Mailbox:
    """Delivers in the background what is put into it."""

    async def __aenter__(self):
        self.open()
        return self

    async def __aexit__(self, *error):
        await self.close()

    def open(self):
        self.delivered = []
        self.letters = asyncio.Queue()
        self.postman = asyncio.create_task(self.deliver())

    async def deliver(self):
        while True:
            self.delivered.append(await self.letters.get())
            self.letters.task_done()

    async def close(self):
        self.postman.cancel()
        await asyncio.wait([self.postman])


@pytest.mark.filterwarnings('ignore:coroutine .* was never awaited')
class WrongWay(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.mailbox = Mailbox()
        with self.assertRaisesRegex(RuntimeError, 'no running event loop'):
            self.mailbox.open()

    async def test_wrong_way(self):
        self.assertFalse(hasattr(self.mailbox, 'postman'))


class NeverAwaited(unittest.IsolatedAsyncioTestCase):
    __test__ = False  # pytest leaves it alone: it is run below

    async def setUp(self): ...  # "coroutine 'NeverAwaited.setUp' was never awaited"

    async def test_delivers(self):
        self.mailbox.letters.put_nowait('hello')


@pytest.mark.filterwarnings('ignore:coroutine .* was never awaited')
def test_wrong_way_async_def():
    result = NeverAwaited('test_delivers').run()
    _, traceback = result.errors[0]
    assert "object has no attribute 'mailbox'" in traceback


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.mailbox = await self.enterAsyncContext(Mailbox())

    async def test_right_way(self):
        self.mailbox.letters.put_nowait('hello')
        await self.mailbox.letters.join()
        self.assertEqual(self.mailbox.delivered, ['hello'])
