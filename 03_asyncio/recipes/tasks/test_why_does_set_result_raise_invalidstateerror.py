"""Why does `set_result` raise "InvalidStateError: invalid state"?

The future is already done: the answer came twice, or the caller was cancelled, for instance by a
timeout, and that has cancelled the future, too. Before set_result(), check done(), not only
cancelled(). In the test, send an answer twice, and one that nobody waits for any more. ("Result is
not set." means that the test called result() before it awaited the task or future.)
"""

import asyncio
import unittest


class NaiveClient:
    """Matches answers with questions by their number."""

    def __init__(self):
        self.waiting = []

    async def ask(self):
        future = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        return await future

    def on_answer(self, number, answer):
        self.waiting[number].set_result(answer)


class Client(NaiveClient):
    def on_answer(self, number, answer):
        if not self.waiting[number].done():
            super().on_answer(number, answer)


class TestClient(unittest.IsolatedAsyncioTestCase):
    async def time_out(self, client):
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(client.ask(), timeout=0.01)

    async def test_wrong_way_answers_too_late(self):
        client = NaiveClient()
        await self.time_out(client)
        with self.assertRaisesRegex(asyncio.InvalidStateError, 'invalid state'):
            client.on_answer(0, 'too late')

    async def test_wrong_way_asks_too_early(self):
        task = asyncio.create_task(Client().ask())
        with self.assertRaisesRegex(asyncio.InvalidStateError, 'Result is not set.'):
            task.result()

    async def test_right_way_answers_too_late(self):
        client = Client()
        await self.time_out(client)
        client.on_answer(0, 'too late')
        self.assertTrue(client.waiting[0].cancelled())

    async def test_right_way_answers_twice(self):
        client = Client()
        task = asyncio.create_task(client.ask())
        await asyncio.sleep(0)  # the task runs until it waits
        client.on_answer(0, 'first')
        client.on_answer(0, 'second')
        self.assertEqual(await task, 'first')
