"""Tests of fetch_patiently() that do not wait, and ask how long it would have waited."""

import unittest
from unittest import mock

from retries import fetch_patiently


@mock.patch('retries.asyncio.sleep')
class TestFetchPatiently(unittest.IsolatedAsyncioTestCase):
    async def test_returns_the_page_without_waiting(self, sleep):
        fetch = mock.AsyncMock(return_value='page')
        self.assertEqual(await fetch_patiently(fetch), 'page')
        sleep.assert_not_called()

    async def test_waits_twice_as_long_each_time(self, sleep):
        fetch = mock.AsyncMock(side_effect=[ConnectionError] * 4 + ['page'])
        self.assertEqual(await fetch_patiently(fetch), 'page')
        self.assertEqual(sleep.await_args_list, [mock.call(n) for n in (1, 2, 4, 8)])

    async def test_never_waits_more_than_an_hour(self, sleep):
        fetch = mock.AsyncMock(side_effect=[ConnectionError] * 14 + ['page'])
        await fetch_patiently(fetch)
        self.assertEqual(sleep.await_args_list[-3:], [mock.call(n) for n in (2048, 3600, 3600)])

    async def test_gives_up_without_waiting_after_the_last_attempt(self, sleep):
        last = ConnectionError('the last one')
        fetch = mock.AsyncMock(side_effect=[ConnectionError, ConnectionError, last])
        with self.assertRaises(ConnectionError) as caught:
            await fetch_patiently(fetch, attempts=3)
        self.assertIs(caught.exception, last)
        self.assertEqual(sleep.await_count, 2)

    async def test_does_not_repeat_what_cannot_succeed(self, sleep):
        fetch = mock.AsyncMock(side_effect=PermissionError)
        with self.assertRaises(PermissionError):
            await fetch_patiently(fetch)
        fetch.assert_awaited_once_with()
