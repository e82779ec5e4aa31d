"""How do I test a periodic job, `while True: ...; await asyncio.sleep(600)`?

If a timeout stops it, only its first round runs, and the interval is never tested. If the sleep is
only mocked, it spins forever. Let the mocked sleep return twice and then raise CancelledError, as
when the job is cancelled: that gives three rounds, and the delays are in the mock's calls. Let one
round fail, too, and check that the job goes on.
"""

import asyncio
import logging
import unittest
from unittest import mock


class Refresher:
    def __init__(self, cache, interval=600):
        self.cache = cache
        self.interval = interval

    async def run(self):
        while True:
            try:
                await self.cache.refresh()
            except ConnectionError:
                logging.getLogger('refresher').exception('Not refreshed')
            await asyncio.sleep(self.interval)


class TestRefresher(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        cache = mock.AsyncMock()
        refresher = Refresher(cache, interval=60_000)  # seconds taken for milliseconds
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(refresher.run(), timeout=0.01)
        cache.refresh.assert_awaited()

    async def test_right_way(self):
        cache = mock.AsyncMock()
        rounds = [None, None, asyncio.CancelledError]
        with mock.patch('asyncio.sleep', side_effect=rounds) as sleep:
            with self.assertRaises(asyncio.CancelledError):
                await Refresher(cache).run()
        self.assertEqual(cache.refresh.await_count, 3)
        self.assertEqual(sleep.await_args_list, [mock.call(600)] * 3)

    async def test_right_way_goes_on_after_an_error(self):
        cache = mock.AsyncMock()
        cache.refresh.side_effect = [ConnectionError('offline'), None]
        rounds = [None, asyncio.CancelledError]
        with mock.patch('asyncio.sleep', side_effect=rounds):
            with self.assertLogs('refresher', 'ERROR'):
                with self.assertRaises(asyncio.CancelledError):
                    await Refresher(cache).run()
        self.assertEqual(cache.refresh.await_count, 2)
