"""The connection really does not answer, and each test waits until it has been asked."""

import asyncio
import unittest
from unittest import mock

from price_lookup import PriceLookup


class SilentConnection:
    """Never answers, and notes whether somebody still waits for the answer."""

    def __init__(self):
        self.asked = asyncio.Event()
        self.ended = False

    async def ask(self, article):
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True


class TestPrice(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.pool = mock.AsyncMock()
        self.connection = self.pool.acquire.return_value
        self.silent = SilentConnection()

    async def test_connection_that_answers_goes_back(self):
        self.connection.ask.return_value = 5
        self.assertEqual(await PriceLookup(self.pool).price('tea'), 5)
        self.connection.ask.assert_awaited_once_with('tea')
        self.pool.release.assert_awaited_once_with(self.connection)
        self.pool.discard.assert_not_awaited()

    async def test_connection_that_fails_is_discarded(self):
        self.connection.ask.side_effect = OSError
        with self.assertRaises(OSError):
            await PriceLookup(self.pool).price('tea')
        self.pool.discard.assert_awaited_once_with(self.connection)
        self.pool.release.assert_not_awaited()

    async def test_silent_connection_is_discarded(self):
        self.pool.acquire.return_value = self.silent
        with self.assertRaises(TimeoutError):
            await PriceLookup(self.pool, seconds=0.01).price('tea')
        self.pool.discard.assert_awaited_once_with(self.silent)
        self.pool.release.assert_not_awaited()

    async def test_nobody_waits_after_the_timeout(self):
        self.pool.acquire.return_value = self.silent
        with self.assertRaises(TimeoutError):
            await PriceLookup(self.pool, seconds=0.01).price('tea')
        self.assertTrue(self.silent.ended)

    async def test_connection_is_discarded_if_the_task_is_cancelled(self):
        self.pool.acquire.return_value = self.silent
        task = asyncio.create_task(PriceLookup(self.pool).price('tea'))
        # A task that is cancelled before it starts has nothing to clean up.
        await self.silent.asked.wait()
        task.cancel()
        await asyncio.wait([task])
        self.assertTrue(task.cancelled())
        self.pool.discard.assert_awaited_once_with(self.silent)
        self.pool.release.assert_not_awaited()
