"""An hour of sleep: these tests are fast and pass, and would not notice a delay that never grows.

They replace asyncio.sleep, then hardly look at it. Make them ask how long it would have slept.
The file to edit is 03_asyncio/my_work/09_backoff/test_retries.py.
"""

import unittest
from unittest import mock

from retries import fetch_patiently


@mock.patch('retries.asyncio.sleep')
class TestFetchPatiently(unittest.IsolatedAsyncioTestCase):
    async def test_returns_the_page(self, sleep):
        fetch = mock.AsyncMock(return_value='page')
        self.assertEqual(await fetch_patiently(fetch), 'page')

    async def test_tries_again(self, sleep):
        fetch = mock.AsyncMock(side_effect=[ConnectionError, 'page'])
        self.assertEqual(await fetch_patiently(fetch), 'page')
        sleep.assert_called()

    async def test_gives_up(self, sleep):
        fetch = mock.AsyncMock(side_effect=ConnectionError)
        with self.assertRaises(ConnectionError):
            await fetch_patiently(fetch, attempts=3)
        self.assertTrue(sleep.called)
