"""Tests that nothing keeps what is not needed any more, and that use a second thread."""

import asyncio
import threading
import unittest
import weakref
from unittest import mock

from orders import Orders


class TestWait(unittest.TestCase):
    def setUp(self):
        self.shop = mock.MagicMock()
        self.shop.send = mock.AsyncMock()

    def test_keeps_nothing(self):
        orders = Orders(self.shop)
        asyncio.run(orders.place_all(['a', 'b']))
        reference = weakref.ref(orders)
        del orders
        self.assertIsNone(reference())

    def test_works_in_another_thread(self):
        coroutine = Orders(self.shop).place_within(5, 'a')
        thread = threading.Thread(target=asyncio.run, args=(coroutine,))
        thread.start()
        thread.join()


if __name__ == '__main__':
    unittest.main()
