"""How do I mock a chain of calls of which only the last is awaited?

In `await collection.find(...).sort(...).to_list(10)`, or with a pipeline of redis, only the last
call is asynchronous. An AsyncMock makes all of them so, and the first returns a coroutine, which
has no `sort`. Start from a MagicMock, go down the chain with `return_value`, and put an AsyncMock
at its end. A fake that returns itself is easier to read if the chain is long.
"""

import unittest
from unittest import mock


class Articles:
    def __init__(self, collection):  # as in PyMongo and Motor
        self.collection = collection

    async def newest(self, count):
        cursor = self.collection.find({'draft': False}).sort('date', -1)
        return await cursor.to_list(count)


class TestArticles(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        collection = mock.AsyncMock()
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(
                AttributeError, "'coroutine' object has no attribute 'sort'"
            ):
                await Articles(collection).newest(2)

    async def test_wrong_way_at_the_end(self):
        collection = mock.MagicMock()
        collection.find.return_value.sort.return_value.to_list.return_value = ['new', 'old']
        message = "object list can't be used in 'await' expression|'list' object can't be awaited"
        with self.assertRaisesRegex(TypeError, message):
            await Articles(collection).newest(2)

    async def test_right_way(self):
        to_list = mock.AsyncMock(return_value=['new', 'old'])
        collection = mock.MagicMock()
        collection.find.return_value.sort.return_value.to_list = to_list
        self.assertEqual(await Articles(collection).newest(2), ['new', 'old'])
        collection.find.assert_called_once_with({'draft': False})
        collection.find.return_value.sort.assert_called_once_with('date', -1)
        to_list.assert_awaited_once_with(2)

    async def test_right_way_with_a_cursor_that_returns_itself(self):
        cursor = mock.MagicMock()
        cursor.sort.return_value = cursor
        cursor.to_list = mock.AsyncMock(return_value=['new', 'old'])
        collection = mock.MagicMock()
        collection.find.return_value = cursor
        self.assertEqual(await Articles(collection).newest(2), ['new', 'old'])
        cursor.sort.assert_called_once_with('date', -1)
