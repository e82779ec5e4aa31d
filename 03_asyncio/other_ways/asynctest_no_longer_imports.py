"""asynctest as people used it: its last release (2019) cannot be imported on Python 3.11."""

import asynctest

from async_receive import receive


class TestReceive(asynctest.TestCase):
    async def test_invalid_packet(self):
        with self.assertRaises(ValueError):
            await receive('FOO', 'data')

    @asynctest.patch('async_receive.send_to_client')
    async def test_ping(self, send_to_client):
        await receive('PING', 'data')
        send_to_client.assert_awaited_once_with('PONG', 'data')

    @asynctest.patch('async_receive.trigger_event', return_value='my response')
    @asynctest.patch('async_receive.send_to_client')
    async def test_message(self, send_to_client, trigger_event):
        await receive('MESSAGE', 'data')
        trigger_event.assert_awaited_once_with('message', 'data')
        send_to_client.assert_awaited_once_with('MESSAGE', 'my response')
