"""How do I reach the event loop from another thread?

Another thread has no loop, and it must not touch asyncio's queues, events and futures. In debug
mode (as in IsolatedAsyncioTestCase) asyncio says so; otherwise the waiting task may never wake up.
Save the running loop where there is one, and pass calls to it with `call_soon_threadsafe`, and
coroutines with `run_coroutine_threadsafe` (only the other thread may wait for its result()). In
the test, use `asyncio.to_thread` as the other thread.
"""

import asyncio
import unittest


class Sensor:
    """Its driver calls on_value() in another thread."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.values = asyncio.Queue()

    async def store(self, value):
        await self.values.put(value)
        return 'stored'

    def unsafe_on_value(self, value):
        self.loop.call_soon(self.values.put_nowait, value)

    def on_value(self, value):
        self.loop.call_soon_threadsafe(self.values.put_nowait, value)

    def on_value_and_wait(self, value):
        future = asyncio.run_coroutine_threadsafe(self.store(value), self.loop)
        return future.result(timeout=1)


class TestSensor(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_touches_the_loop_from_the_thread(self):
        sensor = Sensor()
        message = 'Non-thread-safe operation invoked on an event loop other than the current one'
        with self.assertRaisesRegex(RuntimeError, message):
            await asyncio.to_thread(sensor.unsafe_on_value, 21)

    async def test_wrong_way_asks_for_a_loop_in_the_thread(self):
        with self.assertRaisesRegex(RuntimeError, 'no running event loop'):
            await asyncio.to_thread(asyncio.get_running_loop)
        with self.assertRaisesRegex(RuntimeError, 'There is no current event loop in thread'):
            await asyncio.to_thread(asyncio.get_event_loop)

    async def test_right_way(self):
        sensor = Sensor()
        await asyncio.to_thread(sensor.on_value, 21)
        value = await asyncio.wait_for(sensor.values.get(), timeout=1)
        self.assertEqual(value, 21)

    async def test_right_way_with_a_result(self):
        sensor = Sensor()
        answer = await asyncio.to_thread(sensor.on_value_and_wait, 21)
        self.assertEqual(answer, 'stored')
        self.assertEqual(sensor.values.get_nowait(), 21)
