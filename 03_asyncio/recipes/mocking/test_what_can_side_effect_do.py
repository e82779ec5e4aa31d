"""What can `side_effect` do?

With either AsyncMock, an exception is raised when the mock is awaited, and a list supplies one
result, or one exception, per await. One await too many raises `StopAsyncIteration` with Python's
AsyncMock, and `RuntimeError: coroutine raised StopIteration` with this kit's. A function computes
the result; an `async def` function is awaited. Of an object whose `__call__` is `async def`, give
the method: `side_effect=fake.__call__` (the object itself is not awaited, Python issue 156460). A
MagicMock whose list has ended, called in `asyncio.to_thread`, says "StopIteration interacts badly
with generators", and up to Python 3.12 the await hangs.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import unittest
from unittest import mock

import helpers


class Shop:
    def __init__(self, fetch_price):
        self.fetch_price = fetch_price

    async def price(self, article):
        try:
            return await self.fetch_price(article)
        except TimeoutError:
            return await self.fetch_price(article)  # one more try


def count_letters(article):
    return len(article)


async def count_letters_later(article):
    return len(article)


class TestShop(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_a_list_that_is_too_short(self):
        shop = Shop(mock.AsyncMock(side_effect=[TimeoutError]))
        with self.assertRaises(StopAsyncIteration):
            await shop.price('tea')

        shop = Shop(helpers.AsyncMock(side_effect=[TimeoutError]))
        with self.assertRaisesRegex(RuntimeError, 'coroutine raised StopIteration'):
            await shop.price('tea')

    async def test_right_way_an_exception(self):
        fetch_price = mock.AsyncMock(side_effect=TimeoutError)
        with self.assertRaises(TimeoutError):
            await Shop(fetch_price).price('tea')
        self.assertEqual(fetch_price.await_count, 2)

    async def test_right_way_a_list(self):
        fetch_price = mock.AsyncMock(side_effect=[TimeoutError, 4])
        self.assertEqual(await Shop(fetch_price).price('tea'), 4)
        self.assertEqual(fetch_price.await_count, 2)

    async def test_right_way_a_function(self):
        self.assertEqual(await Shop(mock.AsyncMock(side_effect=count_letters)).price('tea'), 3)
        self.assertEqual(await Shop(helpers.AsyncMock(side_effect=count_letters)).price('tea'), 3)

    async def test_right_way_an_async_function(self):
        for AsyncMock in [mock.AsyncMock, helpers.AsyncMock]:
            fetch_price = AsyncMock(side_effect=count_letters_later)
            self.assertEqual(await Shop(fetch_price).price('tea'), 3)

    async def test_right_way_an_object(self):
        class LetterCounter:
            async def __call__(self, article):
                return len(article)

        for AsyncMock in [mock.AsyncMock, helpers.AsyncMock]:
            fetch_price = AsyncMock(side_effect=LetterCounter().__call__)
            self.assertEqual(await Shop(fetch_price).price('tea'), 3)
