"""Does my code block the event loop (`time.sleep`, `requests`)?

While a coroutine makes a blocking call, no other task gets a turn. With a mock that returns at once
nobody notices. Let the mock wait for something that only the loop can do: if it happens, the loop
was free. Debug mode logs what blocks for longer than `slow_callback_duration`, and
IsolatedAsyncioTestCase is in debug mode; elsewhere, set PYTHONASYNCIODEBUG=1.
"""

import asyncio
import threading
import time
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


class LoopIsFree:
    """A blocking function that returns whether the event loop went on in the meantime."""

    def __init__(self, timeout):
        self.timeout = timeout
        self.event = threading.Event()
        asyncio.get_running_loop().call_soon(self.event.set)

    def __call__(self, rows):
        return self.event.wait(self.timeout)


class TestExporter(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        client = mock.Mock()
        await BlockingExporter(client).export(['row'])
        client.send.assert_called_once_with(['row'])

    async def test_right_way_sees_that_the_loop_is_blocked(self):
        client = mock.Mock()
        client.send.side_effect = LoopIsFree(timeout=0.01)
        self.assertFalse(await BlockingExporter(client).export(['row']))

    async def test_right_way(self):
        client = mock.Mock()
        client.send.side_effect = LoopIsFree(timeout=1)
        self.assertTrue(await Exporter(client).export(['row']))
        client.send.assert_called_once_with(['row'])

    async def test_right_way_without_knowing_which_call_blocks(self):
        client = mock.Mock()
        client.send.side_effect = time.sleep
        asyncio.get_running_loop().slow_callback_duration = 0.005
        with self.assertLogs('asyncio', 'WARNING') as logs:
            await asyncio.create_task(BlockingExporter(client).export(0.02))
        self.assertRegex(logs.output[0], 'Executing <Task .* took .* seconds')
