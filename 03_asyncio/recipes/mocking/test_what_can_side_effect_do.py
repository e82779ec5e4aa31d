"""What can `side_effect` do?

With either AsyncMock, an exception is raised when the mock is awaited, and a sequence supplies one
result per await. One await too many raises `StopAsyncIteration` with Python's AsyncMock, and
`RuntimeError: coroutine raised StopIteration` with this kit's. Python's awaits an async function;
this kit's returns the function's coroutine without awaiting it, so give it an ordinary function.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import unittest
from unittest import mock

import helpers


async def translate(text):
    return text.upper()


class TestSideEffect(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_returns_a_coroutine(self):
        send = helpers.AsyncMock(side_effect=translate)
        coro = await send('data')
        self.assertEqual(await coro, 'DATA')

    async def test_right_way_a_function(self):
        send = helpers.AsyncMock(side_effect=str.upper)
        self.assertEqual(await send('data'), 'DATA')

    async def test_right_way_an_async_function(self):
        send = mock.AsyncMock(side_effect=translate)
        self.assertEqual(await send('data'), 'DATA')

    async def test_right_way_a_sequence(self):
        for AsyncMock in [helpers.AsyncMock, mock.AsyncMock]:
            send = AsyncMock(side_effect=['sent', TimeoutError])
            self.assertEqual(await send(), 'sent')
            with self.assertRaises(TimeoutError):
                await send()

    async def test_wrong_way_a_sequence_that_is_too_short(self):
        send = helpers.AsyncMock(side_effect=[])
        with self.assertRaisesRegex(RuntimeError, 'coroutine raised StopIteration'):
            await send()

        send = mock.AsyncMock(side_effect=[])
        with self.assertRaises(StopAsyncIteration):
            await send()
