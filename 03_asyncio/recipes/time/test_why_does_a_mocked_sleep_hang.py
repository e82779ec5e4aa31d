"""Why does my test hang when I mock `asyncio.sleep`?

A mock returns at once, so no other task gets a turn: a loop that polls spins forever, at 100% CPU,
and starves the very task it is waiting for. Whatever replaces `asyncio.sleep` has to wait, if only
for the real `asyncio.sleep(0)`. Or leave the sleep alone and let the clock jump, as in
test_how_do_i_test_an_hour_of_sleep.py.
"""

import asyncio
import unittest
from unittest import mock

real_sleep = asyncio.sleep


async def sleep_for_one_turn(delay, result=None):
    return await real_sleep(0, result)


class ReportQueue:
    def __init__(self):
        self.reports = {}

    async def build(self, name):
        self.reports[name] = f'report on {name}'

    async def wait_for(self, name):
        while name not in self.reports:
            await asyncio.sleep(60)
        return self.reports[name]


class TestReportQueue(unittest.IsolatedAsyncioTestCase):
    async def build_and_wait(self):
        queue = ReportQueue()
        task = asyncio.create_task(queue.build('may'))
        report = await queue.wait_for('may')
        await task
        return report

    @mock.patch('asyncio.sleep', side_effect=[None] * 1000)  # without the list, it never ends
    async def test_wrong_way_starves_the_other_task(self, sleep):
        with self.assertRaises(StopAsyncIteration):
            await self.build_and_wait()

    @mock.patch('asyncio.sleep', new=sleep_for_one_turn)
    async def test_right_way(self):
        report = await self.build_and_wait()
        self.assertEqual(report, 'report on may')

    @mock.patch('asyncio.sleep', side_effect=sleep_for_one_turn)
    async def test_right_way_with_the_delays(self, sleep):
        await self.build_and_wait()
        sleep.assert_awaited_with(60)
