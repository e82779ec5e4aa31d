"""Why does a thread go on when its task is cancelled, and pytest does not end?

Cancelling `await asyncio.to_thread(...)` or `run_in_executor(...)` ends only the waiting: the
function in the thread runs on. The test case waits for it when it closes the loop, and Python waits
for all such threads when it exits: one that never ends blocks pytest, even after its last test.
Tell the function to stop (by an Event, or an item in its queue), and test that.
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
    def setUp(self):
        self.reader = KeyReader()
        self.addCleanup(self.reader.keys.put, None)  # without this, a test that fails does not end

    async def start_and_cancel(self, coro):
        task = asyncio.create_task(coro)
        await asyncio.to_thread(self.reader.reading.wait, timeout=5)
        self.reader.keys.put('x')
        task.cancel()
        await asyncio.wait([task])
        self.assertTrue(task.cancelled())

    async def test_wrong_way_leaves_the_thread_running(self):
        await self.start_and_cancel(self.reader.forgetful_run())
        ended = await asyncio.to_thread(self.reader.thread_ended.wait, timeout=0.05)
        self.assertFalse(ended)

    async def test_right_way(self):
        await self.start_and_cancel(self.reader.run())
        ended = await asyncio.to_thread(self.reader.thread_ended.wait, timeout=5)
        self.assertTrue(ended)
