"""Why was my mock awaited 0 times, although the code calls it?

If the code starts a task, the task has not begun yet when the test asserts: `create_task` only
schedules it. Wait for what the mock does: let its `side_effect` set an Event, and wait for that, or
await the task, if the code gives it to you. No sleep is long enough on every machine. (Else the
`await` is missing in the code, or you patched another name than the one that the code looks up.)
"""

import asyncio
import unittest
from unittest import mock


class SignUp:
    def __init__(self, send_mail):
        self.send_mail = send_mail
        self.tasks = set()

    async def register(self, address):
        task = asyncio.create_task(self.send_mail(address))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return 'registered'


class TestSignUp(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        send_mail = mock.AsyncMock()
        await SignUp(send_mail).register('ann@example.org')
        message = 'Expected mock to have been awaited once. Awaited 0 times.'
        with self.assertRaisesRegex(AssertionError, message):
            send_mail.assert_awaited_once_with('ann@example.org')

    async def test_right_way(self):
        sent = asyncio.Event()

        def note_that_it_was_sent(address):
            sent.set()

        send_mail = mock.AsyncMock(side_effect=note_that_it_was_sent)
        self.assertEqual(await SignUp(send_mail).register('ann@example.org'), 'registered')
        async with asyncio.timeout(10):
            await sent.wait()
        send_mail.assert_awaited_once_with('ann@example.org')

    async def test_right_way_with_the_tasks_at_hand(self):
        send_mail = mock.AsyncMock()
        sign_up = SignUp(send_mail)
        await sign_up.register('ann@example.org')
        await asyncio.gather(*sign_up.tasks)
        send_mail.assert_awaited_once_with('ann@example.org')
