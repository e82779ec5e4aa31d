"""The first task is held at an `await`, in read() or in write(), until the second one has come."""

import asyncio
import unittest

from stock_keeper import StockKeeper


class Database:
    """Keeps everything in memory; one of its methods waits until the test lets it go on."""

    def __init__(self, slow_method=None):
        self.stock = {'tea': 10, 'coffee': 10}
        self.written = []
        self.slow_method = slow_method
        self.waiting = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def read(self, article):
        left = self.stock[article]
        await self.wait_in('read')
        return left

    async def write(self, article, left):
        await self.wait_in('write')
        self.stock[article] = left
        self.written.append(article)

    async def wait_in(self, method):
        if method == self.slow_method:
            self.waiting.set()
            await self.may_go_on.wait()


class TestTake(unittest.IsolatedAsyncioTestCase):
    async def take_both(self, database, first, second):
        """Take twice: the second begins while the first waits in the slow method."""
        keeper = StockKeeper(database)
        first_task = asyncio.create_task(keeper.take(*first))
        await database.waiting.wait()
        second_task = asyncio.create_task(keeper.take(*second))
        # The second task has its turn before the first goes on: the loop keeps their order.
        database.may_go_on.set()
        return await asyncio.gather(first_task, second_task, return_exceptions=True)

    async def test_some_are_taken(self):
        database = Database()
        self.assertEqual(await StockKeeper(database).take('tea', 3), 7)
        self.assertEqual(database.stock, {'tea': 7, 'coffee': 10})

    async def test_all_are_taken(self):
        database = Database()
        self.assertEqual(await StockKeeper(database).take('tea', 10), 0)

    async def test_too_many_are_refused(self):
        database = Database()
        with self.assertRaises(ValueError):
            await StockKeeper(database).take('tea', 11)
        self.assertEqual(database.stock['tea'], 10)

    async def test_second_comes_while_the_first_reads(self):
        database = Database(slow_method='read')
        left = await self.take_both(database, ('tea', 1), ('tea', 2))
        self.assertEqual(left, [9, 7])
        self.assertEqual(database.stock['tea'], 7)

    async def test_second_comes_while_the_first_writes(self):
        database = Database(slow_method='write')
        left = await self.take_both(database, ('tea', 1), ('tea', 2))
        self.assertEqual(left, [9, 7])
        self.assertEqual(database.stock['tea'], 7)

    async def test_the_last_is_taken_once(self):
        database = Database(slow_method='read')
        left, error = await self.take_both(database, ('tea', 10), ('tea', 1))
        self.assertEqual(left, 0)
        self.assertIsInstance(error, ValueError)
        self.assertEqual(database.stock['tea'], 0)

    async def test_other_articles_do_not_wait(self):
        database = Database(slow_method='read')
        await self.take_both(database, ('tea', 1), ('coffee', 1))
        self.assertEqual(database.written, ['coffee', 'tea'])
