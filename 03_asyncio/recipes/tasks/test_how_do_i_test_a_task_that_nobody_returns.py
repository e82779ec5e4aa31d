"""How do I test a task that the code starts with `create_task` and does not return?

Right after the call it has not even begun: an assertion fails with "Awaited 0 times". And a mocked
`asyncio.create_task` drops the coroutine, which then "was never awaited". Let the code start the
real task, wait for all tasks but your own, and look at what they did. `wraps` records the call of
create_task, too, if you need it.
"""

import asyncio
import gc
import unittest
from unittest import mock


class SignUp:
    def __init__(self, mailer):
        self.mailer = mailer
        self.background = set()

    async def register(self, address):
        task = asyncio.create_task(self.mailer.send_welcome(address))
        self.background.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self.background.discard)
        return {'registered': address}


async def finish_background_tasks():
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    async with asyncio.timeout(1):  # in case one of them never ends
        await asyncio.gather(*tasks)


class TestSignUp(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.mailer = mock.AsyncMock()
        self.sign_up = SignUp(self.mailer)

    async def test_wrong_way_does_not_wait(self):
        await self.sign_up.register('ann@example.org')
        with self.assertRaisesRegex(AssertionError, 'Awaited 0 times'):
            self.mailer.send_welcome.assert_awaited_once_with('ann@example.org')
        await finish_background_tasks()

    async def test_wrong_way_mocks_create_task(self):
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with mock.patch('asyncio.create_task'):
                await self.sign_up.register('ann@example.org')
            self.sign_up.background.clear()
            gc.collect()  # this may happen later, in another test

    async def test_right_way(self):
        await self.sign_up.register('ann@example.org')
        await finish_background_tasks()
        self.mailer.send_welcome.assert_awaited_once_with('ann@example.org')

    async def test_right_way_when_the_task_fails(self):
        self.mailer.send_welcome.side_effect = ConnectionError('no mail server')
        await self.sign_up.register('ann@example.org')
        with self.assertRaisesRegex(ConnectionError, 'no mail server'):
            await finish_background_tasks()

    async def test_right_way_also_records_the_call(self):
        with mock.patch('asyncio.create_task', wraps=asyncio.create_task) as create_task:
            await self.sign_up.register('ann@example.org')
        create_task.assert_called_once()
        await finish_background_tasks()
        self.mailer.send_welcome.assert_awaited_once_with('ann@example.org')
