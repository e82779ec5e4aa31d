"""Why does my test wait for tenacity's retries?

The usual patches, of `tenacity.nap.sleep` or `time.sleep`, are for synchronous functions. Replace
the `sleep` of the function's own `retry` with an AsyncMock: no other sleep changes, and its calls
show how long the waits would have been. When it gives up, tenacity raises RetryError, unless you
pass `reraise=True`. Needs: `tenacity`.
"""

import asyncio
import unittest
from unittest import mock

from tenacity import RetryError, retry, stop_after_attempt, wait_exponential


@retry(stop=stop_after_attempt(3), wait=wait_exponential(min=4))
async def fetch_price(client, name):
    return await client.get(name)


class TestFetchPrice(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        client = mock.AsyncMock(**{'get.side_effect': ConnectionError})
        with mock.patch('tenacity.nap.sleep'):
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.1):  # else it waits for 8 seconds
                    await fetch_price(client, 'tea')
        client.get.assert_awaited_once_with('tea')

    async def test_right_way(self):
        client = mock.AsyncMock(**{'get.side_effect': [ConnectionError, 3]})
        with mock.patch.object(fetch_price.retry, 'sleep', mock.AsyncMock()) as sleep:
            self.assertEqual(await fetch_price(client, 'tea'), 3)
        sleep.assert_awaited_once_with(4)

    async def test_right_way_when_it_gives_up(self):
        client = mock.AsyncMock(**{'get.side_effect': ConnectionError})
        with mock.patch.object(fetch_price.retry, 'sleep', mock.AsyncMock()):
            with self.assertRaisesRegex(RetryError, 'raised ConnectionError'):
                await fetch_price(client, 'tea')
        self.assertEqual(client.get.await_count, 3)
