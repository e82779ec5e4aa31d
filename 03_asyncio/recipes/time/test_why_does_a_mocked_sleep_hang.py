"""Why does my test hang when I mock `asyncio.sleep`?

A mock returns at once, so no other task gets a turn: a polling loop spins forever, and starves the
very task it is waiting for. Whatever replaces `asyncio.sleep` has to wait, if only for the real
`asyncio.sleep(0)`. Or leave the sleep alone and let the clock jump, as in
test_how_do_i_test_an_hour_of_sleep.py.
"""

import asyncio
import unittest
from unittest import mock

real_sleep = asyncio.sleep


async def sleep_for_one_turn(delay, result=None):
    return await real_sleep(0, result)


async def build_report():
    return 'report'


async def poll(task):
    while not task.done():
        await asyncio.sleep(60)
    return task.result()


class TestPoll(unittest.IsolatedAsyncioTestCase):
    @mock.patch('asyncio.sleep', side_effect=[None] * 1000)
    async def test_wrong_way(self, sleep):
        task = asyncio.create_task(build_report())
        with self.assertRaises(StopAsyncIteration):  # after a thousand "minutes"
            await poll(task)

    @mock.patch('asyncio.sleep', new=sleep_for_one_turn)
    async def test_right_way(self):
        task = asyncio.create_task(build_report())
        self.assertEqual(await poll(task), 'report')
