"""How do I test a retry with backoff without waiting?

Patch the sleep where the code looks it up: after `from asyncio import sleep`, that is the name in
the code's own module, and `mock.patch('asyncio.sleep')` has no effect. Compare the whole list of
delays: the number of calls says nothing about how long they were. Let the last attempt succeed in
one test, and fail in another.
"""

import unittest
from asyncio import sleep
from unittest import mock


class Uploader:
    def __init__(self, client, first_delay=1):
        self.client = client
        self.first_delay = first_delay

    async def upload(self, data):
        delay = self.first_delay
        for _ in range(3):
            try:
                return await self.client.put(data)
            except ConnectionError:
                await sleep(delay)
                delay *= 2
        return await self.client.put(data)


class TestUploader(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = mock.AsyncMock()

    async def test_wrong_way_patches_another_name(self):
        self.client.put.side_effect = [ConnectionError, 'stored']
        with mock.patch('asyncio.sleep') as mocked_sleep:
            await Uploader(self.client, first_delay=0.001).upload(b'data')
        with self.assertRaisesRegex(AssertionError, 'Awaited 0 times'):
            mocked_sleep.assert_awaited_once_with(0.001)  # the real one was

    # For code in shop.py: mock.patch('shop.sleep'), or 'shop.asyncio.sleep' if it imports asyncio.
    @mock.patch(f'{__name__}.sleep')
    async def test_right_way(self, mocked_sleep):
        self.client.put.side_effect = [ConnectionError] * 3 + ['stored']
        answer = await Uploader(self.client).upload(b'data')
        self.assertEqual(answer, 'stored')
        delays = [call.args[0] for call in mocked_sleep.await_args_list]
        self.assertEqual(delays, [1, 2, 4])

    @mock.patch(f'{__name__}.sleep')
    async def test_right_way_when_it_gives_up(self, mocked_sleep):
        self.client.put.side_effect = [ConnectionError] * 4
        with self.assertRaises(ConnectionError):
            await Uploader(self.client).upload(b'data')
        self.assertEqual(self.client.put.await_count, 4)

    @mock.patch(f'{__name__}.sleep')
    async def test_right_way_does_not_retry_what_cannot_succeed(self, mocked_sleep):
        self.client.put.side_effect = PermissionError
        with self.assertRaises(PermissionError):
            await Uploader(self.client).upload(b'data')
        mocked_sleep.assert_not_awaited()
