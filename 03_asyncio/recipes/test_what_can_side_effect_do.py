"""What can `side_effect` do?

With either AsyncMock, an exception is raised when the mock is awaited, a sequence supplies one
result per await, and an async function is awaited. One await too many raises `StopAsyncIteration`
with Python's AsyncMock, and `RuntimeError: coroutine raised StopIteration` with this kit's.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import unittest
from unittest import mock

import helpers


async def translate(text):
    return text.upper()


class TestSideEffect(unittest.IsolatedAsyncioTestCase):
    async def test_right_way_a_function(self):
        for AsyncMock in [helpers.AsyncMock, mock.AsyncMock]:
            send = AsyncMock(side_effect=str.upper)
            self.assertEqual(await send('data'), 'DATA')

    async def test_right_way_an_async_function(self):
        for AsyncMock in [helpers.AsyncMock, mock.AsyncMock]:
            send = AsyncMock(side_effect=translate)
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
