"""How do I test a decorator of async functions?

Decorate a small async function in the test, and await it. If the wrapper is a plain function, it
only makes the coroutine: what it measures, catches or retries is over before the coroutine begins,
and yet a test of the result passes. So assert what the decorator adds. Assert, too, that it returns
a coroutine function: frameworks and mocks ask for that.
"""

import asyncio
import contextlib
import functools
import inspect
import unittest
from unittest import mock


def careless_fallback(function):
    @functools.wraps(function)
    def wrapper(*args):  # a plain function: it returns before the coroutine has begun
        with contextlib.suppress(ConnectionError):
            return function(*args)

    return wrapper


def fallback(function):
    @functools.wraps(function)
    async def wrapper(*args):
        with contextlib.suppress(ConnectionError):
            return await function(*args)

    return wrapper


class TestFallback(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        @careless_fallback
        async def fetch(city):
            return f'sunny in {city}'

        self.assertEqual(await fetch('Rome'), 'sunny in Rome')

    async def test_right_way_sees_that_nothing_is_caught(self):
        @careless_fallback
        async def fetch(city):
            await asyncio.sleep(0)
            raise ConnectionError(city)

        with self.assertRaises(ConnectionError):
            await fetch('Rome')
        self.assertFalse(inspect.iscoroutinefunction(fetch))

    async def test_right_way(self):
        @fallback
        async def fetch(city):
            await asyncio.sleep(0)
            raise ConnectionError(city)

        self.assertIsNone(await fetch('Rome'))
        self.assertTrue(inspect.iscoroutinefunction(fetch))

    async def test_right_way_with_a_mock(self):
        fetch = mock.AsyncMock(return_value='sunny', __name__='fetch')
        self.assertEqual(await fallback(fetch)('Rome'), 'sunny')
        fetch.assert_awaited_once_with('Rome')
