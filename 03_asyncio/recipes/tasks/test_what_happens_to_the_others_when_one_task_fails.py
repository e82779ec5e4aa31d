"""What happens to the other tasks when one fails?

A TaskGroup cancels them, waits until they have ended, and raises an ExceptionGroup. `gather()`
raises the error at once and lets them run on: they may use a client that the caller has closed, and
their own errors are lost. In the test, let one call fail only when the other is in the middle;
otherwise there is nothing to cancel.
"""

import asyncio
import unittest
from unittest import mock


class ShopClient:
    """A fake: the user cannot be fetched, and the orders take forever."""

    def __init__(self):
        self.fetching_orders = asyncio.Event()
        self.orders_state = 'not begun'

    async def get_user(self):
        await self.fetching_orders.wait()
        raise ConnectionError('offline')

    async def get_orders(self):
        self.orders_state = 'running'
        self.fetching_orders.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.orders_state = 'ended'


async def load_page_with_gather(client):
    return await asyncio.gather(client.get_user(), client.get_orders())


async def load_page(client):
    async with asyncio.TaskGroup() as group:
        user = group.create_task(client.get_user())
        orders = group.create_task(client.get_orders())
    return user.result(), orders.result()


class TestLoadPage(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_leaves_a_task_running(self):
        client = ShopClient()
        with self.assertRaises(ConnectionError):
            await load_page_with_gather(client)
        self.assertEqual(client.orders_state, 'running')

    async def test_right_way(self):
        client = ShopClient()
        with self.assertRaisesRegex(ExceptionGroup, 'unhandled errors in a TaskGroup') as raised:
            await load_page(client)
        self.assertIsInstance(raised.exception.exceptions[0], ConnectionError)
        self.assertEqual(client.orders_state, 'ended')

    async def test_right_way_with_except_star(self):
        messages = []
        try:
            await load_page(ShopClient())
        except* ConnectionError as group:
            messages = [str(error) for error in group.exceptions]
        self.assertEqual(messages, ['offline'])

    async def test_right_way_when_nothing_fails(self):
        client = mock.AsyncMock()
        client.get_user.return_value = 'ann'
        client.get_orders.return_value = ['tea']
        page = await load_page(client)
        self.assertEqual(page, ('ann', ['tea']))
