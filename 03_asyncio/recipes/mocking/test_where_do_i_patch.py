"""Where do I patch, and what does autospec know?

Patch the name that the code looks up: `from asyncio import sleep` creates a second name in your
module, which patching `asyncio.sleep` does not reach. To autospec, only an `async def` method is
asynchronous. One that merely returns what is awaited, as in aiohttp or redis.asyncio, becomes a
MagicMock, which cannot be awaited: give that one method an AsyncMock as its `side_effect`.
"""

import unittest
from asyncio import sleep
from unittest import mock


class ApiClient:
    async def request(self, method, path): ...

    def get(self, path):  # not `async def`, but it can be awaited
        return self.request('GET', path)


class Job:
    def __init__(self, client):
        self.client = client

    async def wait(self):
        state = await self.client.get('/job')
        while state != 'done':
            await sleep(0.001)
            state = await self.client.get('/job')
        return state


class TestJob(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        client = mock.AsyncMock()
        client.get.side_effect = ['busy', 'done']
        with mock.patch('asyncio.sleep') as mocked_sleep:
            self.assertEqual(await Job(client).wait(), 'done')
        mocked_sleep.assert_not_awaited()  # the job has slept for real

    async def test_right_way(self):
        client = mock.AsyncMock()
        client.get.side_effect = ['busy', 'done']
        with mock.patch(f'{__name__}.sleep') as mocked_sleep:
            self.assertEqual(await Job(client).wait(), 'done')
        mocked_sleep.assert_awaited_once_with(0.001)

    async def test_wrong_way_with_autospec(self):
        client = mock.create_autospec(ApiClient, instance=True)
        message = (
            "object MagicMock can't be used in 'await' expression"
            "|'MagicMock' object can't be awaited"
        )
        with self.assertRaisesRegex(TypeError, message):
            await Job(client).wait()

    async def test_right_way_with_autospec(self):
        client = mock.create_autospec(ApiClient, instance=True)
        client.get.side_effect = mock.AsyncMock(return_value='done')
        self.assertEqual(await Job(client).wait(), 'done')
        client.get.assert_called_once_with('/job')

    async def test_right_way_one_level_deeper(self):
        client = ApiClient()
        with mock.patch.object(client, 'request', return_value='done') as request:
            self.assertEqual(await Job(client).wait(), 'done')
        request.assert_awaited_once_with('GET', '/job')
