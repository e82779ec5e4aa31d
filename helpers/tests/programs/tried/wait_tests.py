"""One careless test: it runs a single line of orders.py in which a bug can be planted."""

import asyncio
import unittest
from unittest import mock

from orders import Orders


class TestWait(unittest.IsolatedAsyncioTestCase):
    async def test_wait_for(self):
        shop = mock.MagicMock()
        shop.send = mock.AsyncMock()
        task = asyncio.create_task(shop.send('a'))
        await Orders(shop).wait_for(task)


if __name__ == '__main__':
    unittest.main()
