"""How do I set up once for a whole IsolatedAsyncioTestCase class?

There is no asyncSetUpClass, and an `async def setUpClass` is called but never awaited. Each test of
an IsolatedAsyncioTestCase has an event loop of its own, so only what belongs to no loop (data, a
token, tables in a database) can be made beforehand: with `asyncio.run` in setUpClass. A connection
that all tests share needs one loop for all: a plain TestCase with an `asyncio.Runner`, or
pytest-asyncio with scope='class' and loop_scope='class'.
"""

import asyncio
import unittest

import pytest


class Connection:
    async def log_in(self, user):
        self.jobs = asyncio.Queue()  # belongs to this loop as soon as somebody waits for it
        self.worker = asyncio.create_task(self.work())
        return f'token of {user}'

    async def work(self):
        while True:
            name, answer = await self.jobs.get()
            answer.set_result(f'profile of {name}')

    async def profile(self, name):
        answer = asyncio.get_running_loop().create_future()
        await self.jobs.put((name, answer))
        return await answer


class NeverAwaited(unittest.IsolatedAsyncioTestCase):
    __test__ = False  # pytest leaves it alone: it is run below

    @classmethod
    async def setUpClass(cls): ...  # "coroutine 'NeverAwaited.setUpClass' was never awaited"

    async def test_profile(self):
        self.assertEqual(await self.connection.profile('Ann'), 'profile of Ann')


@pytest.mark.filterwarnings('ignore:coroutine .* was never awaited')
def test_wrong_way():
    result = unittest.TestSuite([NeverAwaited('test_profile')]).run(unittest.TestResult())
    _, traceback = result.errors[0]
    assert "object has no attribute 'connection'" in traceback


class RightWayForData(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.token = asyncio.run(Connection().log_in('Ann'))

    async def test_right_way_token(self):
        self.assertEqual(self.token, 'token of Ann')


class RightWayForConnections(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runner = cls.enterClassContext(asyncio.Runner())
        cls.connection = Connection()
        cls.runner.run(cls.connection.log_in('Ann'))

    def test_right_way_profile_of_ann(self):
        self.assertEqual(self.runner.run(self.connection.profile('Ann')), 'profile of Ann')

    def test_right_way_profile_of_bob(self):
        self.assertEqual(self.runner.run(self.connection.profile('Bob')), 'profile of Bob')
