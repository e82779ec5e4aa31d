"""Tests of the cache, which reach every line and every branch of it."""

import asyncio
import unittest
from unittest import mock

from page_cache import PageCache


async def wait_for_ever(url):
    await asyncio.Event().wait()


class TestPageCache(unittest.IsolatedAsyncioTestCase):
    async def test_fetches_a_page_once_for_two_callers(self):
        fetch = mock.AsyncMock(return_value='welcome')
        cache = PageCache(fetch)
        pages = await asyncio.gather(cache.get('/'), cache.get('/'))
        self.assertEqual(pages, ['welcome', 'welcome'])
        fetch.assert_awaited_once_with('/')

    async def test_keeps_a_page(self):
        fetch = mock.AsyncMock(return_value='welcome')
        cache = PageCache(fetch)
        await cache.get('/')
        self.assertEqual(await cache.get('/'), 'welcome')
        fetch.assert_awaited_once_with('/')

    async def test_fetches_again_after_a_failure(self):
        cache = PageCache(mock.AsyncMock(side_effect=[OSError, 'welcome']))
        with self.assertRaises(OSError):
            await cache.get('/')
        self.assertEqual(await cache.get('/'), 'welcome')

    async def test_cancelled_caller_does_not_disturb_the_others(self):
        cache = PageCache(mock.AsyncMock(return_value='welcome'))
        cancelled = asyncio.create_task(cache.get('/'))
        other = asyncio.create_task(cache.get('/news'))
        await asyncio.sleep(0)
        cancelled.cancel()
        self.assertEqual(await other, 'welcome')

    async def test_refresh_fetches_again(self):
        cache = PageCache(mock.AsyncMock(side_effect=['old', 'new']))
        await cache.get('/')
        await cache.refresh()
        self.assertEqual(await cache.get('/'), 'new')

    async def test_close_stops_what_is_being_fetched(self):
        cache = PageCache(wait_for_ever)
        caller = asyncio.create_task(cache.get('/'))
        await asyncio.sleep(0)  # the caller starts to load the page
        await asyncio.sleep(0)  # fetch() is called
        await cache.close()
        with self.assertRaises(asyncio.CancelledError):
            await caller

    async def test_close_with_nothing_to_stop(self):
        await PageCache(mock.AsyncMock()).close()
