"""Why does `asyncio.sleep` hang under freezegun's `freeze_time`?

freeze_time stops the event loop's clock, too: no sleep ends and no timeout fires. With
`real_asyncio=True` the loop keeps its own time, and only your code sees the frozen one. Without it,
tick() moves the loop's clock as well, which makes an hour of sleep pass at once. (time-machine 2.13
to 2.19 hangs in the same way with `tick=False`; 3.0 leaves the loop alone.) Needs: `freezegun`.
"""

import asyncio
import datetime
import time
import unittest

from freezegun import freeze_time


async def remind(seconds):
    await asyncio.sleep(seconds)
    now = datetime.datetime.now()
    return f'It is {now:%H:%M}'


class TestRemind(unittest.IsolatedAsyncioTestCase):
    @freeze_time('2026-01-01 12:00')
    async def test_wrong_way_hangs(self):
        task = asyncio.create_task(remind(0.02))
        await asyncio.to_thread(time.sleep, 0.05)
        self.assertFalse(task.done())
        task.cancel()

    @freeze_time('2026-01-01 12:00')
    async def test_wrong_way_no_timeout_fires(self):
        task = asyncio.create_task(asyncio.wait_for(remind(3600), timeout=0.02))
        await asyncio.to_thread(time.sleep, 0.05)
        self.assertFalse(task.done())
        task.cancel()

    @freeze_time('2026-01-01 12:00', real_asyncio=True)
    async def test_right_way(self):
        reminder = await remind(0.001)
        self.assertEqual(reminder, 'It is 12:00')

    async def test_right_way_for_a_long_sleep(self):
        with freeze_time('2026-01-01 12:00') as frozen_time:
            task = asyncio.create_task(remind(3600))
            await asyncio.sleep(0)  # it starts, and looks at the clock
            frozen_time.tick(3601)  # a little more than it sleeps
            reminder = await task
        self.assertEqual(reminder, 'It is 13:00')
