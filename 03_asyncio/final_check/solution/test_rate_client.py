"""What is awaited, and by whom; what is left behind; what fails, and what happens meanwhile."""

import asyncio
import unittest
from unittest import mock

from rate_client import RateClient


def background_tasks():
    return asyncio.all_tasks() - {asyncio.current_task()}


async def wait_for_ever(*args):
    await asyncio.Event().wait()


class TestConnection(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.service = mock.AsyncMock()

    async def test_connects_and_disconnects(self):
        async with RateClient(self.service):
            self.service.connect.assert_awaited_once_with()
            self.service.disconnect.assert_not_awaited()
        self.service.disconnect.assert_awaited_once_with()

    async def test_error_inside_gets_through(self):
        with self.assertRaises(ZeroDivisionError):
            async with RateClient(self.service):
                raise ZeroDivisionError
        self.service.disconnect.assert_awaited_once_with()

    async def test_failed_connection_leaves_no_task(self):
        self.service.connect.side_effect = OSError
        with self.assertRaises(OSError):
            async with RateClient(self.service):
                self.fail('It is not connected')
        self.assertEqual(background_tasks(), set())

    async def test_refresh_has_ended_before_it_disconnects(self):
        steps = []
        refreshing = asyncio.Event()

        async def get(currency):
            refreshing.set()
            try:
                await wait_for_ever()
            finally:
                steps.append('refresh ended')

        async def disconnect():
            steps.append('disconnected')

        self.service.disconnect.side_effect = disconnect
        async with RateClient(self.service, interval=0) as client:
            await client.rate('EUR')
            self.service.get.side_effect = get
            await refreshing.wait()
        self.assertEqual(steps, ['refresh ended', 'disconnected'])


class TestRates(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.service = mock.AsyncMock()
        self.client = RateClient(self.service)

    async def test_second_time_the_rate_is_known(self):
        self.service.get.side_effect = [1.25]
        self.assertEqual(await self.client.rate('EUR'), 1.25)
        self.assertEqual(await self.client.rate('EUR'), 1.25)
        self.service.get.assert_awaited_once_with('EUR')

    async def test_two_tasks_at_the_same_time_ask_once(self):
        asked = asyncio.Event()
        may_answer = asyncio.Event()

        async def get(currency):
            asked.set()
            await may_answer.wait()
            return 1.25

        self.service.get.side_effect = get
        first = asyncio.create_task(self.client.rate('EUR'))
        await asked.wait()
        second = asyncio.create_task(self.client.rate('EUR'))
        may_answer.set()  # the second task has its turn before the first goes on
        self.assertEqual(await asyncio.gather(first, second), [1.25, 1.25])
        self.service.get.assert_awaited_once_with('EUR')

    async def test_third_attempt_succeeds(self):
        self.service.get.side_effect = [OSError, OSError, 1.25]
        self.assertEqual(await self.client.rate('EUR'), 1.25)

    async def test_gives_up_after_the_third_attempt(self):
        last_error = OSError('still down')
        self.service.get.side_effect = [OSError, OSError, last_error]
        with self.assertRaises(OSError) as raised:
            await self.client.rate('EUR')
        self.assertIs(raised.exception, last_error)
        self.assertEqual(self.service.get.await_count, 3)

    async def test_each_attempt_has_its_own_timeout(self):
        answers = iter([wait_for_ever, wait_for_ever, mock.AsyncMock(return_value=1.25)])

        async def get(currency):
            answer = next(answers)
            return await answer(currency)

        self.service.get.side_effect = get
        client = RateClient(self.service, timeout=0.01)
        self.assertEqual(await client.rate('EUR'), 1.25)

    async def test_no_attempt_is_answered(self):
        self.service.get.side_effect = wait_for_ever
        with self.assertRaises(TimeoutError):
            await RateClient(self.service, timeout=0.01).rate('EUR')


class TestRefresh(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.service = mock.AsyncMock()
        self.client = RateClient(self.service, attempts=1)
        self.service.get.side_effect = [1.25, 160]
        await self.client.rate('EUR')
        await self.client.rate('JPY')

    async def test_new_rates_replace_the_old_ones(self):
        self.service.get.side_effect = [1.5, 150]
        await self.client.refresh()
        self.assertEqual(await self.client.rate('EUR'), 1.5)
        self.assertEqual(await self.client.rate('JPY'), 150)

    async def test_rate_that_fails_keeps_its_value_and_the_others_are_refreshed(self):
        self.service.get.side_effect = [OSError, 150]
        with self.assertLogs('rate_client', 'WARNING') as logs:
            await self.client.refresh()
        self.assertIn('EUR', logs.output[0])
        self.assertEqual(await self.client.rate('EUR'), 1.25)
        self.assertEqual(await self.client.rate('JPY'), 150)

    async def test_new_currency_during_a_refresh(self):
        async def get(currency):
            if currency == 'EUR':
                await self.client.rate('GBP')
            return 2

        self.service.get.side_effect = get
        await self.client.refresh()
        self.assertEqual(await self.client.rate('EUR'), 2)
        self.assertEqual(await self.client.rate('GBP'), 2)
