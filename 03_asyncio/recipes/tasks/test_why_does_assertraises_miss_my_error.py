"""Why does `assertRaises` miss my error?

A TaskGroup wraps even a single error in an ExceptionGroup: `assertRaises(ValueError)` does not
catch that, and `assertRaises(ExceptionGroup)` accepts any error inside. Look inside, with
`pytest.RaisesGroup`, or with split(), which also finds it in nested groups. (anyio's and Trio's
task groups wrap in the same way. Where callers should see the plain error, let the code unwrap it.)
"""

import asyncio
import unittest

import pytest


async def fetch_price(article):
    if article == 'gold':
        raise ValueError('not for sale')
    return 4.5


async def fetch_prices(articles):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch_price(article)) for article in articles]
    return [task.result() for task in tasks]


class TestFetchPrices(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_misses_it(self):
        with pytest.raises(ExceptionGroup, match='unhandled errors in a TaskGroup'):
            with self.assertRaises(ValueError):
                await fetch_prices(['gold'])

    async def test_wrong_way_passes_falsely(self):
        with self.assertRaises(ExceptionGroup):  # for a TypeError: None is no list
            await fetch_prices([['unhashable'], 'gold'])

    async def test_right_way_with_pytest(self):
        with pytest.RaisesGroup(pytest.RaisesExc(ValueError, match='not for sale')):
            await fetch_prices(['tea', 'gold'])

    async def test_right_way_with_unittest(self):
        with self.assertRaises(ExceptionGroup) as raised:
            await fetch_prices(['tea', 'gold'])
        expected, others = raised.exception.split(ValueError)
        self.assertEqual([str(error) for error in expected.exceptions], ['not for sale'])
        self.assertIsNone(others)

    async def test_right_way_without_errors(self):
        self.assertEqual(await fetch_prices(['tea', 'milk']), [4.5, 4.5])
