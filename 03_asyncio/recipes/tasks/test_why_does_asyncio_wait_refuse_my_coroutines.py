"""Why does `asyncio.wait` say "Passing coroutines is forbidden, use tasks explicitly"?

From Python 3.11 on, it takes only tasks and futures: give it `asyncio.create_task(coro)`, or use
`asyncio.gather`, which takes coroutines and raises their errors. An empty list is a ValueError,
"Set of Tasks/Futures is empty" (before 3.11: "Set of coroutines/Futures is empty"), often in a
clean-up that has nothing to do: test with none, one and several.
"""

import asyncio
import unittest
from unittest import mock


async def close_all_at_once(connections):
    await asyncio.wait([connection.close() for connection in connections])


async def close_all(connections, timeout=10):
    tasks = [asyncio.create_task(connection.close()) for connection in connections]
    if tasks:
        await asyncio.wait(tasks, timeout=timeout)


class TestCloseAll(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_coroutines(self):
        message = 'Passing coroutines is forbidden, use tasks explicitly'
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(TypeError, message):
                await close_all_at_once([mock.AsyncMock()])

    async def test_wrong_way_passes_nothing(self):
        with self.assertRaisesRegex(ValueError, 'Set of Tasks/Futures is empty'):
            await close_all_at_once([])

    async def test_right_way(self):
        for number in [0, 1, 3]:
            connections = [mock.AsyncMock() for _ in range(number)]
            await close_all(connections)
            for connection in connections:
                connection.close.assert_awaited_once_with()
