"""How do I mock a MongoDB collection of PyMongo's AsyncMongoClient, or of Motor?

`find` is synchronous and returns a cursor, as do `sort` and `limit`; `to_list`, `find_one`,
`insert_one` and the like are awaited. So an AsyncMock does not fit: use a MagicMock with the spec
AsyncCollection, and a MagicMock with the spec AsyncCursor for what `find` returns. To test the
query, too, use a real server, or the package mongomock-motor.
Needs: `pymongo`.
"""

import unittest
from unittest import mock

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.cursor import AsyncCursor


async def list_capitals(cities):
    cursor = cities.find({'capital': True}).sort('name')
    return [city['name'] for city in await cursor.to_list()]


class TestListCapitals(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(AttributeError, "'coroutine' object has no attribute"):
                await list_capitals(mock.AsyncMock())

    async def test_wrong_way_without_a_cursor(self):
        # Until Python 3.13: object MagicMock can't be used in 'await' expression
        # From 3.14 on: 'MagicMock' object can't be awaited
        with self.assertRaisesRegex(TypeError, "MagicMock.* can't be"):
            await list_capitals(mock.MagicMock(spec=AsyncCollection))

    async def test_right_way(self):
        cursor = mock.MagicMock(spec=AsyncCursor)
        cursor.sort.return_value = cursor
        cursor.to_list.return_value = [{'name': 'Paris'}, {'name': 'Rome'}]
        cities = mock.MagicMock(spec=AsyncCollection)
        cities.find.return_value = cursor
        self.assertEqual(await list_capitals(cities), ['Paris', 'Rome'])
        cities.find.assert_called_once_with({'capital': True})
