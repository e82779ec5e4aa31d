"""Why do I get "Task was destroyed but it is pending!"?

The task was waiting when it became garbage: its event loop was closed without cancelling it (as
with `new_event_loop()` in your own fixture), or nobody kept a reference to it. If it awaits
something in a `finally`, it "ignored GeneratorExit" as well. `asyncio.run`, `asyncio.Runner`,
IsolatedAsyncioTestCase and pytest-asyncio cancel the tasks that are left, and wait for them. It is
better if the code ends its tasks itself, and a test shows it.
"""

import asyncio
import gc
import unittest
from unittest import mock


class Heartbeat:
    def __init__(self):
        self.running = asyncio.Event()
        self.stopped = False

    async def beat(self):
        try:
            while True:
                self.running.set()
                await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)  # such as a last message
            self.stopped = True

    async def start(self):
        self.task = asyncio.create_task(self.beat())
        await self.running.wait()

    async def stop(self):
        self.task.cancel()
        await asyncio.wait([self.task])


class TestHeartbeatWithALoopOfItsOwn(unittest.TestCase):
    @mock.patch('sys.unraisablehook')
    def test_wrong_way_closes_the_loop_too_early(self, unraisablehook):
        loop = asyncio.new_event_loop()
        heartbeat = Heartbeat()
        loop.run_until_complete(heartbeat.start())
        loop.close()
        with self.assertLogs('asyncio', 'ERROR') as logs:
            del heartbeat
            gc.collect()  # may happen later, in another test
        self.assertIn('Task was destroyed but it is pending!', logs.output[0])
        ignored = unraisablehook.call_args.args[0].exc_value
        self.assertEqual(str(ignored), 'coroutine ignored GeneratorExit')

    def test_right_way_to_close_the_loop(self):
        heartbeat = Heartbeat()
        with asyncio.Runner() as runner:
            runner.run(heartbeat.start())
        self.assertTrue(heartbeat.stopped)


class TestHeartbeat(unittest.IsolatedAsyncioTestCase):
    async def test_right_way(self):
        heartbeat = Heartbeat()
        await heartbeat.start()
        await heartbeat.stop()
        self.assertTrue(heartbeat.stopped)
        self.assertTrue(heartbeat.task.cancelled())
