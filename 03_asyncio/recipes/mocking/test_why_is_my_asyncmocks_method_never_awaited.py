"""Why does a synchronous method of my AsyncMock warn that it was never awaited?

Without a spec, every method of an AsyncMock is a coroutine function, even one that the code rightly
calls without `await`: `session.add`, `response.raise_for_status`, `writer.write`. The code is right
and the mock is wrong: it cannot even raise what you told it to. Give the mock the real class as its
spec: only the `async def` methods are asynchronous then. If there is no class at hand, start from a
MagicMock, and make an AsyncMock of each method that is awaited.
"""

import unittest
from unittest import mock


class Session:  # as in SQLAlchemy, `add` is synchronous and `commit` is not
    def add(self, row): ...

    async def commit(self): ...


class UserService:
    def __init__(self, session):
        self.session = session

    async def sign_up(self, name):
        self.session.add(name)
        await self.session.commit()


NEVER_AWAITED = "coroutine 'AsyncMockMixin._execute_mock_call' was never awaited"


class TestUserService(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_warns(self):
        session = mock.AsyncMock()
        with self.assertWarnsRegex(RuntimeWarning, NEVER_AWAITED):
            await UserService(session).sign_up('Ann')

    async def test_wrong_way_does_not_raise(self):
        session = mock.AsyncMock()
        session.add.side_effect = ValueError('this name is taken')
        with self.assertWarnsRegex(RuntimeWarning, NEVER_AWAITED):
            await UserService(session).sign_up('Ann')  # no ValueError
        session.commit.assert_awaited_once_with()

    async def test_right_way(self):
        session = mock.AsyncMock(spec=Session)
        await UserService(session).sign_up('Ann')
        session.add.assert_called_once_with('Ann')
        session.commit.assert_awaited_once_with()

    async def test_right_way_raises(self):
        session = mock.AsyncMock(spec=Session)
        session.add.side_effect = ValueError('this name is taken')
        with self.assertRaises(ValueError):
            await UserService(session).sign_up('Ann')
        session.commit.assert_not_awaited()

    async def test_right_way_without_a_class(self):
        session = mock.MagicMock()
        session.commit = mock.AsyncMock()
        await UserService(session).sign_up('Ann')
        session.add.assert_called_once_with('Ann')
        session.commit.assert_awaited_once_with()
