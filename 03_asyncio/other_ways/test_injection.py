"""Injection: nothing is patched; the program is given a fake client and a fake handler."""

import unittest

from async_receive import client, handlers, receive
from helpers import _run


class FakeClient:
    def __init__(self):
        self.received = []

    def write(self, line):
        self.received.append(line)

    async def drain(self):
        pass


class TestReceive(unittest.TestCase):
    def setUp(self):
        self.client = FakeClient()
        token = client.set(self.client)
        self.addCleanup(client.reset, token)
        self.addCleanup(handlers.pop, 'message', None)

    def test_invalid_packet(self):
        self.assertRaises(ValueError, _run, receive('FOO', 'data'))

    def test_ping(self):
        _run(receive('PING', 'data'))
        self.assertEqual(self.client.received, [b'["PONG", "data"]\n'])

    def test_message(self):
        async def message(data):
            return f'my response to {data}'

        handlers['message'] = message
        _run(receive('MESSAGE', 'data'))
        self.assertEqual(self.client.received, [b'["MESSAGE", "my response to data"]\n'])
