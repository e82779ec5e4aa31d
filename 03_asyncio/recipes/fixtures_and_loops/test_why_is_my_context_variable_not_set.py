"""Why is the ContextVar that my fixture sets not set in the test?

A task works on a copy of the context: what is set inside `asyncio.run`, or inside a task, stays
there. pytest-asyncio passes on what an async fixture sets since 0.25 (on Python 3.10 since 1.1). An
IsolatedAsyncioTestCase takes its copy before setUpClass and pytest's fixtures run, so set it in
setUp or asyncSetUp. Elsewhere, return the value and set it outside of the task.
Needs: `pytest_asyncio`.
"""

import asyncio
import contextvars
import unittest

import pytest
import pytest_asyncio

current_user = contextvars.ContextVar('current_user')


async def log_in(name):
    return current_user.set(name)


def greeting():
    return f'Hello {current_user.get()}'


@pytest.fixture
def logged_in_elsewhere():
    return asyncio.run(log_in('Ann'))


def test_wrong_way(logged_in_elsewhere):
    with pytest.raises(LookupError, match="<ContextVar name='current_user'"):
        greeting()
    with pytest.raises(ValueError, match='was created in a different Context'):
        current_user.reset(logged_in_elsewhere)


class WrongWay(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def logged_in(self):
        token = current_user.set('Ann')
        yield
        current_user.reset(token)

    async def test_wrong_way_fixture_of_pytest(self):
        with self.assertRaises(LookupError):
            greeting()


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        token = await log_in('Ann')
        self.addCleanup(current_user.reset, token)

    async def test_right_way_with_unittest(self):
        self.assertEqual(greeting(), 'Hello Ann')


@pytest_asyncio.fixture
async def logged_in():
    token = await log_in('Ann')
    yield
    current_user.reset(token)


@pytest.mark.asyncio
async def test_right_way_with_pytest_asyncio(logged_in):
    assert greeting() == 'Hello Ann'
