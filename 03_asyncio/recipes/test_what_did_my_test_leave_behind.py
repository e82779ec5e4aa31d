"""What did my test leave behind?

A task that still runs at the end is cancelled without a word, and an exception that nobody awaits
only goes to the log ("Task exception was never retrieved"). So ask for all tasks, and give the loop
an exception handler, which hears of the exception when its task is collected.
"""

import asyncio
import gc
import unittest


class NothingLeftBehind(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.lost = []
        asyncio.get_running_loop().set_exception_handler(lambda _, lost: self.lost.append(lost))

    async def asyncTearDown(self):
        gc.collect()
        self.assertEqual((self.lost, asyncio.all_tasks()), ([], {asyncio.current_task()}))


async def leak(self):
    asyncio.create_task(asyncio.sleep(3600))


async def lose(self):
    await asyncio.wait([asyncio.create_task(asyncio.sleep('long'))])


def failures(base):
    return [type('Case', (base,), {'test': test})('test').run().failures for test in (leak, lose)]


def test_wrong_way_passes_falsely():
    assert failures(unittest.IsolatedAsyncioTestCase) == [[], []]


def test_right_way():
    assert all(failures(NothingLeftBehind))
