"""How do I test an asyncio.Protocol or DatagramProtocol?

Its methods are ordinary functions: call them in the order in which the event loop does, with a
MagicMock whose spec is the transport. Split the data as a socket may split it, in the middle of a
message, and join two messages. In a real connection, an error in one of these methods is logged and
lost ("Fatal error: protocol.data_received() call failed."); here it fails the test.
"""

import asyncio
import unittest
from unittest import mock


class LineProtocol(asyncio.Protocol):
    """Answers each line with its length."""

    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b''

    def data_received(self, data):
        self.buffer += data
        *lines, self.buffer = self.buffer.split(b'\n')
        for line in lines:
            text = line.decode()
            self.transport.write(f'{len(text)}\n'.encode())


class PingProtocol(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        if data == b'ping':
            self.transport.sendto(b'pong', address)


class TestLineProtocol(unittest.TestCase):
    def setUp(self):
        self.transport = mock.MagicMock(asyncio.Transport)
        self.protocol = LineProtocol()
        self.protocol.connection_made(self.transport)

    def test_wrong_way_sends_whole_lines_only(self):
        self.protocol.data_received(b'hello\n')
        self.transport.write.assert_called_once_with(b'5\n')  # also without any buffer

    def test_right_way(self):
        for data in [b'hel', b'lo\nwor', b'ld!\n\n']:
            self.protocol.data_received(data)
        written = [call.args[0] for call in self.transport.write.call_args_list]
        self.assertEqual(written, [b'5\n', b'6\n', b'0\n'])

    def test_right_way_with_an_error(self):
        with self.assertRaises(UnicodeDecodeError):
            self.protocol.data_received(b'\xff\n')


class TestPingProtocol(unittest.TestCase):
    def test_right_way_with_datagrams(self):
        transport = mock.MagicMock(asyncio.DatagramTransport)
        protocol = PingProtocol()
        protocol.connection_made(transport)
        protocol.datagram_received(b'noise', ('192.0.2.1', 4000))
        protocol.datagram_received(b'ping', ('192.0.2.1', 4000))
        transport.sendto.assert_called_once_with(b'pong', ('192.0.2.1', 4000))
