"""Two tasks change the same number. These tests let them, and pass.

They also pass without the lock. Change them until they do not: hold one task at an `await`, let the
other one come, and do without sleeps.
The file to edit is 03_asyncio/my_work/13_lost_update/test_stock_keeper.py.
"""

import asyncio
import unittest

from stock_keeper import StockKeeper


class Database:
    """Keeps everything in memory."""

    def __init__(self):
        self.stock = {'tea': 10, 'coffee': 10}

    async def read(self, article):
        return self.stock[article]

    async def write(self, article, left):
        self.stock[article] = left


class TestTake(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.database = Database()
        self.keeper = StockKeeper(self.database)

    async def test_takes_some(self):
        self.assertEqual(await self.keeper.take('tea', 3), 7)

    async def test_refuses_too_many(self):
        with self.assertRaises(ValueError):
            await self.keeper.take('tea', 11)

    async def test_many_customers_at_the_same_time(self):
        await asyncio.gather(*[self.keeper.take('tea', 1) for _ in range(10)])
        self.assertEqual(self.database.stock['tea'], 0)

    async def test_different_articles(self):
        await asyncio.gather(self.keeper.take('tea', 1), self.keeper.take('coffee', 1))
        self.assertEqual(self.database.stock, {'tea': 9, 'coffee': 9})
