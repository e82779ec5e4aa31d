"""How do I mock `datetime.now` or `date.today` in an async test?

`datetime.datetime` is written in C, so its methods cannot be patched. Replace the whole name in the
module under test, or let the code take a function that returns the time. Or use freezegun, with
`real_asyncio=True`: without it, the clock of the event loop stops, too, and every sleep hangs.
(time-machine replaces the time for the whole process in the same way.) Needs: `freezegun`.
"""

import asyncio
import datetime
import unittest
from unittest import mock

from freezegun import freeze_time

MORNING = datetime.datetime(2026, 1, 1, 8)


async def greet(name):
    await asyncio.sleep(0.001)
    hour = datetime.datetime.now().hour
    return f'Good morning, {name}' if hour < 12 else f'Good evening, {name}'


class TestGreet(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        message = "cannot set 'now' attribute of immutable type 'datetime.datetime'"
        with self.assertRaisesRegex(TypeError, message):
            mock.patch('datetime.datetime.now').start()

    @mock.patch(f'{__name__}.datetime')  # for code in greeting.py: 'greeting.datetime'
    async def test_right_way(self, mocked_datetime):
        mocked_datetime.datetime.now.return_value = MORNING
        self.assertEqual(await greet('Ada'), 'Good morning, Ada')

    @freeze_time('2026-01-01 20:00', real_asyncio=True)
    async def test_right_way_with_freezegun(self):
        self.assertEqual(await greet('Ada'), 'Good evening, Ada')
