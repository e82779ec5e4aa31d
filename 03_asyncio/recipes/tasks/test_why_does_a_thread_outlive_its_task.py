"""Why does a thread go on when its task is cancelled, and pytest does not end?

Cancelling `await asyncio.to_thread(...)` or `run_in_executor(...)` ends only the waiting: the
function in the thread runs on. asyncio.run() and the test case wait for it when they close the
loop, and Python waits for all such threads when it exits, so one that waits forever blocks the run
after its last test. Tell the function to stop (an Event, an item in its queue), and test that.
"""

import asyncio
import queue
import threading
import unittest


class KeyReader:
    def __init__(self):
        self.keys = queue.Queue()
        self.reading = threading.Event()
        self.thread_ended = threading.Event()

    def read_keys(self):
        self.reading.set()
        while self.keys.get() is not None:
            print('a key')
        self.thread_ended.set()

    async def forgetful_run(self):
        await asyncio.to_thread(self.read_keys)

    async def run(self):
        try:
            await asyncio.to_thread(self.read_keys)
        finally:
            self.keys.put(None)


class TestKeyReader(unittest.IsolatedAsyncioTestCase):
    async def start_and_cancel(self, reader, coro):
        task = asyncio.create_task(coro)
        await asyncio.to_thread(reader.reading.wait, timeout=5)
        reader.keys.put('x')
        task.cancel()
        await asyncio.wait([task])
        self.assertTrue(task.cancelled())

    async def test_wrong_way_leaves_the_thread_running(self):
        reader = KeyReader()
        await self.start_and_cancel(reader, reader.forgetful_run())
        ended = await asyncio.to_thread(reader.thread_ended.wait, timeout=0.05)
        self.assertFalse(ended)
        reader.keys.put(None)  # without this, pytest does not end

    async def test_right_way(self):
        reader = KeyReader()
        await self.start_and_cancel(reader, reader.run())
        ended = await asyncio.to_thread(reader.thread_ended.wait, timeout=5)
        self.assertTrue(ended)
