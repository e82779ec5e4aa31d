"""Tests that run every line of orders.py, and notice no bug that can be planted there."""

import asyncio
import unittest
from contextlib import suppress
from unittest import mock

from orders import Orders


class TestOrders(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.shop = mock.MagicMock()
        self.shop.send = mock.AsyncMock()
        self.orders = Orders(self.shop)

    async def test_place(self):
        await self.orders.place('a')
        self.shop.send.assert_called_once_with('a')

    async def test_wait_for(self):
        task = asyncio.create_task(self.shop.send('a'))
        await self.orders.wait_for(task)

    async def test_place_within(self):
        await self.orders.place_within(5, 'a')

    async def test_place_all(self):
        await self.orders.place_all(['a'])

    async def test_place_and_close(self):
        await self.orders.place_and_close('a')

    async def test_place_if_possible(self):
        self.shop.send.side_effect = OSError
        await self.orders.place_if_possible('a')

    async def test_place_or_log(self):
        self.shop.send.side_effect = OSError
        with suppress(OSError):
            await self.orders.place_or_log('a')

    async def test_work(self):
        queue = asyncio.Queue()
        queue.put_nowait('a')
        task = asyncio.create_task(self.orders.work(queue))
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        self.assertIn('a', self.orders.log)

    async def test_stop(self):
        self.orders.timer = mock.Mock()
        self.orders.task = asyncio.create_task(self.shop.send('a'))
        self.orders.stop()
        with suppress(asyncio.CancelledError):
            await self.orders.stopped()


if __name__ == '__main__':
    unittest.main()
