"""Why does each test pass alone, but the second one fail with "bound to a different event loop"?

Something is made once, at import or as a default of a class, and keeps the loop of the first test
that had to wait for it: a Lock, a Semaphore, a Queue, an Event, or a global client of Redis, Mongo
or httpx with open connections ("Event loop is closed"). Each test has a loop of its own. Make such
things inside a coroutine, when the program starts, and a new one for each test; patch a global that
you cannot change. One loop for all tests hides it (loop_scope="session" in pytest-asyncio).
"""

import asyncio
import unittest
from unittest import mock


class Shop:
    def __init__(self):
        self.till = asyncio.Lock()
        self.sold = []

    async def sell(self, item):
        async with self.till:
            await asyncio.sleep(0)
            self.sold.append(item)


shop = Shop()  # made at import, used by everybody


async def two_customers():
    async with asyncio.TaskGroup() as customers:
        customers.create_task(shop.sell('tea'))
        customers.create_task(shop.sell('jam'))  # has to wait for the till


class SharedShop(unittest.IsolatedAsyncioTestCase):
    __test__ = False  # pytest leaves it alone: it is run below

    async def test_sells(self):
        await two_customers()
        self.assertEqual(shop.sold[-2:], ['tea', 'jam'])


def test_wrong_way():
    first = SharedShop('test_sells').run()
    assert first.wasSuccessful()

    second = SharedShop('test_sells').run()
    _, traceback = second.errors[0]
    assert 'is bound to a different event loop' in traceback


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        patcher = mock.patch(f'{__name__}.shop', Shop())  # in a test file: 'package.module.shop'
        self.shop = self.enterContext(patcher)

    async def test_right_way(self):
        await two_customers()
        self.assertEqual(self.shop.sold, ['tea', 'jam'])

    async def test_right_way_in_the_next_test(self):
        await two_customers()
        self.assertEqual(self.shop.sold, ['tea', 'jam'])
