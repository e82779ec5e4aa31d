"""Why does my test hang when I mock `asyncio.sleep`?

A mock returns at once and gives no other task a turn: a loop that polls spins for ever, and starves
the very task that it waits for. A stand-in has to wait, if only for the real `asyncio.sleep(0)`.
Or leave the sleep alone and let the clock jump, as in test_how_do_i_test_an_hour_of_sleep.py.
"""

import asyncio
import unittest
from unittest import mock

real_sleep = asyncio.sleep


async def one_turn(delay):
    await real_sleep(0)


async def job():
    return 'done'


async def poll(task):
    while not task.done():
        await asyncio.sleep(60)
    return task.result()


class TestPoll(unittest.IsolatedAsyncioTestCase):
    @mock.patch('asyncio.sleep', side_effect=[None] * 1000)
    async def test_wrong_way(self, sleep):
        with self.assertRaises(StopAsyncIteration):  # after a thousand minutes
            await poll(asyncio.create_task(job()))

    @mock.patch('asyncio.sleep', one_turn)
    async def test_right_way(self):
        self.assertEqual(await poll(asyncio.create_task(job())), 'done')
