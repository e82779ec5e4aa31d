"""Exponential backoff, without the wait. These tests reach every line of broker_connector.py.

They pass, with any delays, and even with none. Change them until they know which delays there are,
and how many. Start with the mocked sleep: who calls it?
The file to edit is 03_asyncio/my_work/09_backoff/test_broker_connector.py.
"""

import itertools
import unittest
from unittest import mock

from broker_connector import BrokerConnector


class TestConnect(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.broker = mock.AsyncMock()
        # Tiny delays, so that the tests are fast.
        self.connector = BrokerConnector(self.broker, first_delay=0.001, attempts=4)

    async def test_connects(self):
        self.broker.connect.return_value = 'connection'
        self.assertEqual(await self.connector.connect(), 'connection')

    async def test_tries_again(self):
        self.broker.connect.side_effect = [OSError, OSError, 'connection']
        self.assertEqual(await self.connector.connect(), 'connection')

    async def test_does_not_wait_if_it_can_connect(self):
        with mock.patch('asyncio.sleep') as sleep:
            await self.connector.connect()
        sleep.assert_not_called()

    async def test_waits_longer_each_time(self):
        self.broker.connect.side_effect = OSError
        with mock.patch('asyncio.sleep') as sleep:
            with self.assertRaises(OSError):
                await self.connector.connect()
        for previous, following in itertools.pairwise(sleep.call_args_list):
            self.assertGreater(following.args[0], previous.args[0])
