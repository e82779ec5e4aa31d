"""Why do `create_task`, `gather` and `wait_for` refuse what my mock returns?

They take a coroutine or another awaitable, and what a MagicMock returns is neither. Replace the
function by an AsyncMock: calling that returns a real coroutine. Check, too, that the code passes
the result of the call, `create_task(load())`, and not the function. Do not mock `create_task`
itself: the coroutine that it gets would never be awaited. `asyncio.run(asyncio.gather(...))` fails
with any argument: `gather` needs a running loop, so await it inside an `async def`.
"""

import asyncio
import unittest
from unittest import mock


class Dashboard:
    def __init__(self, source):
        self.source = source

    async def load(self):
        return await asyncio.gather(self.source.load('sales'), self.source.load('stock'))

    async def load_one(self):
        task = asyncio.create_task(self.source.load('sales'))
        return await asyncio.wait_for(task, timeout=1)


class TestDashboard(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_with_gather(self):
        message = 'An asyncio.Future, a coroutine or an awaitable is required'
        with self.assertRaisesRegex(TypeError, message):
            await Dashboard(mock.MagicMock()).load()

    async def test_wrong_way_with_create_task(self):
        with self.assertRaisesRegex(TypeError, 'a coroutine was expected, got <MagicMock'):
            await Dashboard(mock.MagicMock()).load_one()

    async def test_right_way(self):
        source = mock.AsyncMock()
        source.load.side_effect = [[120, 80], [7]]
        self.assertEqual(await Dashboard(source).load(), [[120, 80], [7]])
        self.assertEqual(source.load.await_args_list, [mock.call('sales'), mock.call('stock')])

    async def test_right_way_with_create_task(self):
        source = mock.AsyncMock()
        source.load.return_value = [120, 80]
        self.assertEqual(await Dashboard(source).load_one(), [120, 80])
        source.load.assert_awaited_once_with('sales')
