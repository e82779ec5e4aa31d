"""Tests of orders.py that fork; the child process is killed."""

import asyncio
import os
import signal
import unittest
from unittest import mock

from orders import Orders


class TestOrders(unittest.TestCase):
    def test_in_two_processes(self):
        shop = mock.MagicMock()
        shop.send = mock.AsyncMock()
        orders = Orders(shop)
        child = os.fork()
        if child == 0:
            asyncio.run(orders.place_within(5, 'a'))
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        asyncio.run(orders.place_all(['a', 'b']))


if __name__ == '__main__':
    unittest.main()
