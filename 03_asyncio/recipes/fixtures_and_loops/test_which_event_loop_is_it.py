"""Which event loop is it, and why is it closed?

Each `asyncio.run` makes a loop and closes it, and so does each test of IsolatedAsyncioTestCase and
pytest-asyncio. A future, task or connection belongs to the loop on which it was made; a Lock, Event
or Queue to the first one on which it was waited for. So make them in the coroutine that uses them,
and run what belongs together on one loop: in one test, with one `asyncio.Runner`, or with one
`loop_scope` of pytest-asyncio. In a coroutine, `asyncio.get_running_loop()` is the right one.
"""

import asyncio
import unittest

import pytest


class Phone:
    async def call(self):
        self.loop = asyncio.get_running_loop()
        self.answer = self.loop.create_future()

    def pick_up(self, word):
        self.loop.call_soon(self.answer.set_result, word)

    async def listen(self):
        return await self.answer


def test_wrong_way_a_new_loop_for_each_call():
    phone = Phone()
    asyncio.run(phone.call())
    with pytest.raises(RuntimeError, match='Event loop is closed'):
        phone.pick_up('hello')
    with pytest.raises(RuntimeError, match='attached to a different loop'):
        asyncio.run(phone.listen())


class Mailbox:
    def __init__(self):
        self.letters = asyncio.Queue()

    async def next(self):
        async with asyncio.timeout(0.01):
            return await self.letters.get()


def test_wrong_way_a_queue_that_was_waited_for():
    mailbox = Mailbox()
    with pytest.raises(TimeoutError):
        asyncio.run(mailbox.next())
    with pytest.raises(RuntimeError, match='bound to a different event loop'):
        asyncio.run(mailbox.next())


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def test_right_way(self):
        phone = Phone()
        await phone.call()
        phone.pick_up('hello')
        self.assertEqual(await phone.listen(), 'hello')


def test_right_way_in_a_synchronous_test():
    phone = Phone()
    with asyncio.Runner() as runner:
        runner.run(phone.call())
        phone.pick_up('hello')
        assert runner.run(phone.listen()) == 'hello'
