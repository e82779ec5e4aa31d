"""What did my test leave behind?

A task that still runs at the end is cancelled silently, and an error that nobody awaits is only
logged. Wrap the whole test in nothing_left_behind(): in asyncSetUp with enterAsyncContext, or in an
autouse fixture of pytest-asyncio, with `async with nothing_left_behind(): yield`. (Sessions,
connections and loops that nobody closed are another question: test_which_test_left_it_open.py.)
"""

import asyncio
import contextlib
import gc
import unittest
from unittest import mock


@contextlib.asynccontextmanager
async def nothing_left_behind():
    loop = asyncio.get_running_loop()
    tasks_before = asyncio.all_tasks()
    lost_errors = []

    def record(_loop, context):
        lost_errors.append([context['message'], context.get('exception')])

    previous_handler = loop.get_exception_handler()
    loop.set_exception_handler(record)
    try:
        yield
        new_tasks = asyncio.all_tasks() - tasks_before - {asyncio.current_task()}
        gc.collect()  # a task reports its lost error when it becomes garbage
    finally:
        loop.set_exception_handler(previous_handler)
    assert not new_tasks, f'still running: {new_tasks}'
    assert not lost_errors, f'lost: {lost_errors}'


class Shop:
    def __init__(self, statistics):
        self.statistics = statistics

    async def order(self, article):
        self.task = asyncio.create_task(self.statistics.count(article))
        return f'one {article}'


async def never(article):
    await asyncio.Event().wait()


async def fail(article):
    raise ConnectionError('offline')


class TestShop(unittest.IsolatedAsyncioTestCase):
    async def order_tea(self, count):
        statistics = mock.AsyncMock()
        statistics.count = count
        ordered = await Shop(statistics).order('tea')
        await asyncio.sleep(0)  # the task runs until it waits, fails or ends
        self.assertEqual(ordered, 'one tea')

    async def test_wrong_way_passes_falsely(self):
        await self.order_tea(never)

    async def test_right_way(self):
        async with nothing_left_behind():
            await self.order_tea(mock.AsyncMock())

    async def test_right_way_finds_the_task(self):
        with self.assertRaisesRegex(AssertionError, 'still running: .*Task pending.*never'):
            async with nothing_left_behind():
                await self.order_tea(never)

    async def test_right_way_finds_the_error(self):
        with self.assertRaisesRegex(AssertionError, 'Task exception was never retrieved'):
            async with nothing_left_behind():
                await self.order_tea(fail)
