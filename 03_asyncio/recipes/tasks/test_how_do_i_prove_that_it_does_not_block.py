"""How do I test that my code does not block the event loop, without measuring time?

While a coroutine makes a blocking call (`time.sleep`, `requests`, a driver), no other task gets a
turn. With a mock that returns at once, nobody notices. Let the mock wait, in its thread, for
something that only the event loop can do: if that happens, the loop was free. (To find which call
blocks, use debug mode, which logs "Executing <Task ...> took ... seconds".)
"""

import asyncio
import threading
import unittest
from unittest import mock


class BlockingExporter:
    def __init__(self, client):
        self.client = client

    async def export(self, rows):
        return self.client.send(rows)


class Exporter(BlockingExporter):
    async def export(self, rows):
        return await asyncio.to_thread(self.client.send, rows)


class WaitForLoop:
    """A blocking function that returns whether the event loop went on in the meantime."""

    def __init__(self, timeout):
        self.timeout = timeout
        self.loop_went_on = threading.Event()
        asyncio.get_running_loop().call_soon(self.loop_went_on.set)

    def __call__(self, rows):
        return self.loop_went_on.wait(self.timeout)


class TestExporter(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        client = mock.Mock()
        await BlockingExporter(client).export(['row'])
        client.send.assert_called_once_with(['row'])

    async def test_right_way_sees_that_it_blocks(self):
        client = mock.Mock()
        client.send.side_effect = WaitForLoop(timeout=0.01)
        went_on = await BlockingExporter(client).export(['row'])
        self.assertFalse(went_on)

    async def test_right_way(self):
        client = mock.Mock()
        client.send.side_effect = WaitForLoop(timeout=5)
        went_on = await Exporter(client).export(['row'])
        self.assertTrue(went_on)
        client.send.assert_called_once_with(['row'])
