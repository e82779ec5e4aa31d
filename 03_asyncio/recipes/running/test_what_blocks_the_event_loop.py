"""How do I find a call that blocks the event loop?

Debug mode logs it: "Executing <Task ...> took 0.301 seconds", for each step of a task that takes
longer than `loop.slow_callback_duration` (0.1 s). IsolatedAsyncioTestCase is always in debug mode;
else use asyncio.run(..., debug=True), PYTHONASYNCIODEBUG=1, or pytest-asyncio's --asyncio-debug.
`assertNoLogs` makes a test fail. The message names the task, not the line that blocks:
`faulthandler.dump_traceback_later(0.1)` before the call prints that one. Put what blocks
(time.sleep, requests, a long computation) into a thread: `await asyncio.to_thread(...)`.
"""

import asyncio
import time
import unittest


def read_sensor(place):
    time.sleep(0.3)  # a library that knows nothing of asyncio
    return [20, 21, 22]


async def average_that_blocks(place):
    temperatures = read_sensor(place)
    return sum(temperatures) / len(temperatures)


async def average(place):
    temperatures = await asyncio.to_thread(read_sensor, place)
    return sum(temperatures) / len(temperatures)


class SlowCallbacks(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        asyncio.get_running_loop().slow_callback_duration = 0.25

    async def test_wrong_way(self):
        with self.assertLogs('asyncio', level='WARNING') as logs:
            # In a task of its own, whose steps are logged before the test goes on.
            await asyncio.create_task(average_that_blocks('roof'))
        self.assertRegex(logs.output[0], 'Executing <Task .*average_that_blocks.* took .* seconds')

    async def test_right_way(self):
        with self.assertNoLogs('asyncio', level='WARNING'):
            self.assertEqual(await asyncio.create_task(average('roof')), 21)
