"""Why does my test pass although a task failed, with `gather(return_exceptions=True)`?

`gather(..., return_exceptions=True)` and `asyncio.wait()` raise nothing: the exceptions are among
the results, or in the tasks, and nobody looks. The code has to look for them, and to raise or log
them. In the test, let one of several calls fail, expect its error, and check that the others were
made.
"""

import asyncio
import unittest
from unittest import mock


async def notify_all_and_forget(client, users):
    await asyncio.gather(*[client.notify(user) for user in users], return_exceptions=True)


async def notify_all(client, users):
    calls = [client.notify(user) for user in users]
    results = await asyncio.gather(*calls, return_exceptions=True)
    errors = [result for result in results if isinstance(result, Exception)]
    if errors:
        raise ExceptionGroup(f'{len(errors)} of {len(users)} not notified', errors)


class TestNotifyAll(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        client = mock.AsyncMock()
        client.notify.side_effect = ConnectionError('offline')
        await notify_all_and_forget(client, ['ann', 'bob'])
        client.notify.assert_awaited_with('bob')

    async def test_wrong_way_waits_and_forgets(self):
        client = mock.AsyncMock()
        client.notify.side_effect = ConnectionError('offline')
        task = asyncio.create_task(client.notify('ann'))
        await asyncio.wait([task])  # raises nothing
        with self.assertRaisesRegex(ConnectionError, 'offline'):
            task.result()

    async def test_right_way(self):
        client = mock.AsyncMock()
        client.notify.side_effect = [None, ConnectionError('offline'), None]
        with self.assertRaisesRegex(ExceptionGroup, '1 of 3 not notified') as raised:
            await notify_all(client, ['ann', 'bob', 'cid'])
        self.assertIsInstance(raised.exception.exceptions[0], ConnectionError)
        self.assertEqual(client.notify.await_count, 3)

    async def test_right_way_without_errors(self):
        client = mock.AsyncMock()
        await notify_all(client, ['ann', 'bob'])
        client.notify.assert_has_awaits([mock.call('ann'), mock.call('bob')])
