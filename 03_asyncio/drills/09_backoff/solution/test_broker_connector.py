"""The sleep is replaced where it is looked up: it notes each delay, and takes no time."""

import unittest
from unittest import mock

from broker_connector import BrokerConnector


class TestConnect(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        # Not 'asyncio.sleep': broker_connector has imported the name, and looks it up at home.
        self.sleep = self.enterContext(mock.patch('broker_connector.sleep'))
        self.broker = mock.AsyncMock()
        self.connector = BrokerConnector(self.broker)

    def delays(self):
        # Awaited, not just called: a sleep that nobody awaits takes no time.
        return [call.args[0] for call in self.sleep.await_args_list]

    async def test_first_attempt_succeeds(self):
        self.broker.connect.return_value = 'connection'
        self.assertEqual(await self.connector.connect(), 'connection')
        self.assertEqual(self.delays(), [])

    async def test_third_attempt_succeeds(self):
        self.broker.connect.side_effect = [OSError, OSError, 'connection']
        self.assertEqual(await self.connector.connect(), 'connection')
        self.assertEqual(self.delays(), [1, 2])

    async def test_no_attempt_succeeds(self):
        last_error = OSError('still starting')
        self.broker.connect.side_effect = [OSError] * 9 + [last_error]
        with self.assertRaises(OSError) as raised:
            await self.connector.connect()
        self.assertIs(raised.exception, last_error)
        # Ten attempts have nine delays between them, and none comes after the last.
        self.assertEqual(self.delays(), [1, 2, 4, 8, 16, 32, 60, 60, 60])

    async def test_other_delays(self):
        self.broker.connect.side_effect = OSError
        with self.assertRaises(OSError):
            await BrokerConnector(self.broker, first_delay=5, attempts=4).connect()
        self.assertEqual(self.delays(), [5, 10, 20])

    async def test_next_connection_begins_with_the_first_delay(self):
        self.broker.connect.side_effect = [OSError, OSError, 'first', OSError, 'second']
        await self.connector.connect()
        await self.connector.connect()
        self.assertEqual(self.delays(), [1, 2, 1])
