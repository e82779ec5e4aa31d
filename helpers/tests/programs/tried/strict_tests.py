"""Tests that notice each bug that can be planted in orders.py."""

import asyncio
import unittest
from unittest import mock

from orders import Orders


class Shop:
    """A shop that takes an order when it is told to."""

    def __init__(self):
        self.number = 0
        self.orders = []
        self.open = asyncio.Event()
        self.close = mock.Mock()

    async def send(self, order):
        """Take an order once the shop is open."""
        await self.open.wait()
        self.orders.append(order)
        return order


class TestOrders(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.shop = Shop()
        self.orders = Orders(self.shop)

    async def test_place_sends_one_order_at_a_time(self):
        both = [asyncio.create_task(self.orders.place(order)) for order in 'ab']
        await asyncio.sleep(0)
        self.shop.open.set()
        await asyncio.gather(*both)
        self.assertEqual(self.shop.orders, ['a', 'b'])
        self.assertEqual(self.shop.number, 2)

    async def test_cancelled_wait_leaves_the_task_to_others(self):
        delivery = asyncio.create_task(self.shop.send('a'))
        waits = asyncio.create_task(self.orders.wait_for(delivery))
        await asyncio.sleep(0)
        waits.cancel()
        self.shop.open.set()
        self.assertEqual(await delivery, 'a')

    async def test_place_within_ends_in_time(self):
        with self.assertRaises(TimeoutError):
            await self.orders.place_within(0, 'a')

    async def test_place_all(self):
        self.shop.open.set()
        self.assertEqual(await self.orders.place_all('ab'), ['a', 'b'])

    async def test_place_and_close(self):
        self.shop.open.set()
        await self.orders.place_and_close('a')
        self.shop.close.assert_called_once_with()

    async def test_place_if_possible_notes_an_error(self):
        self.shop.send = mock.AsyncMock(side_effect=OSError)
        await self.orders.place_if_possible('a')
        self.assertEqual(len(self.orders.log), 1)

    async def test_place_if_possible_can_be_cancelled(self):
        task = asyncio.create_task(self.orders.place_if_possible('a'))
        await asyncio.sleep(0)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task

    async def test_place_or_log_raises(self):
        self.shop.send = mock.AsyncMock(side_effect=OSError)
        with self.assertRaises(OSError):
            await self.orders.place_or_log('a')

    async def test_work_goes_on_until_it_is_cancelled(self):
        queue = asyncio.Queue()
        for order in 'ab':
            queue.put_nowait(order)
        task = asyncio.create_task(self.orders.work(queue))
        await asyncio.sleep(0)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        self.assertEqual(self.orders.log, ['a', 'b', 'cancelled'])

    async def test_stop(self):
        self.orders.timer = mock.Mock()
        self.orders.task = asyncio.create_task(self.shop.send('a'))
        self.orders.stop()
        self.orders.timer.cancel.assert_called_once_with()
        await self.orders.stopped()
        self.assertTrue(self.orders.task.cancelled())

    async def test_stop_leaves_alone_what_has_ended(self):
        self.shop.open.set()
        self.orders.timer = mock.Mock()
        self.orders.task = asyncio.create_task(self.shop.send('a'))
        await self.orders.task
        self.orders.stop()
        self.assertEqual(self.orders.log, [])


if __name__ == '__main__':
    unittest.main()
