"""Tests of a TaskGroup: what runs at the same time, what is cancelled, exactly what is raised."""

import asyncio
import unittest
from unittest import mock

from dashboard import Unavailable, load

PATIENCE = 1  # seconds: only code with a bug ever takes that long


class TestLoad(unittest.IsolatedAsyncioTestCase):
    async def test_loads_all_parts_at_the_same_time(self):
        barrier = asyncio.Barrier(2)  # opens when two tasks have come

        async def fetch():
            await barrier.wait()
            return 'loaded'

        async with asyncio.timeout(PATIENCE):
            loaded = await load({'news': fetch, 'mail': fetch})
        self.assertEqual(loaded, {'news': 'loaded', 'mail': 'loaded'})

    async def test_a_failure_cancels_what_is_still_loading(self):
        ends = []

        async def never_loads():
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ends.append('cancelled')
                raise

        news = mock.AsyncMock(side_effect=ConnectionError)
        with self.assertRaisesRegex(Unavailable, '^news$'):
            async with asyncio.timeout(PATIENCE):
                await load({'mail': never_loads, 'news': news})
        self.assertEqual(ends, ['cancelled'])

    async def test_names_every_part_that_failed(self):
        fails = mock.AsyncMock(side_effect=ConnectionError)
        with self.assertRaisesRegex(Unavailable, '^news, mail$'):
            await load({'news': fails, 'mail': fails})

    async def test_a_mistake_is_not_taken_for_a_failure(self):
        mistake = TypeError('a bug')
        with self.assertRaises(ExceptionGroup) as caught:
            await load({'news': mock.AsyncMock(side_effect=mistake)})
        self.assertEqual(caught.exception.exceptions, (mistake,))
