"""How do I make an AsyncMock slow, or let it never answer?

An AsyncMock answers at once, and a coroutine such as `asyncio.sleep(10)` is no `side_effect`. Write
an `async def` function that waits, best for an Event that the test sets, so that nothing depends on
seconds. If only the error matters, `side_effect=TimeoutError` is enough. To test the code's own
timeout, let the function wait forever, and make the timeout very short.
"""

import asyncio
import unittest
from unittest import mock


class PriceService:
    def __init__(self, fetch, timeout):
        self.fetch = fetch
        self.timeout = timeout
        self.is_busy = False

    async def price(self, article):
        self.is_busy = True
        try:
            return await asyncio.wait_for(self.fetch(article), self.timeout)
        except TimeoutError:
            return None
        finally:
            self.is_busy = False


async def never_answer(article):
    await asyncio.Event().wait()


class TestPriceService(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        coroutine = asyncio.sleep(10)
        fetch = mock.AsyncMock(side_effect=coroutine)
        with self.assertRaisesRegex(TypeError, "'coroutine' object is not an iterator"):
            await PriceService(fetch, timeout=10).price('tea')
        coroutine.close()

    async def test_right_way_for_the_error_alone(self):
        fetch = mock.AsyncMock(side_effect=TimeoutError)
        self.assertIsNone(await PriceService(fetch, timeout=10).price('tea'))

    async def test_right_way_for_a_timeout(self):
        fetch = mock.AsyncMock(side_effect=never_answer)
        self.assertIsNone(await PriceService(fetch, timeout=0.01).price('tea'))
        fetch.assert_called_once_with('tea')

    async def test_right_way_for_what_happens_meanwhile(self):
        asked = asyncio.Event()
        may_answer = asyncio.Event()

        async def answer_later(article):
            asked.set()
            await may_answer.wait()
            return 4

        service = PriceService(mock.AsyncMock(side_effect=answer_later), timeout=10)
        task = asyncio.create_task(service.price('tea'))
        await asked.wait()
        self.assertTrue(service.is_busy)
        may_answer.set()
        self.assertEqual(await task, 4)
        self.assertFalse(service.is_busy)
