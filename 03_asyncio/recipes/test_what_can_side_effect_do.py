"""What can `side_effect` do?

An exception is raised when the mock is awaited, and a sequence gives one item for each await, with
either AsyncMock. One await too many is `StopAsyncIteration` with Python's, and with this kit's
`RuntimeError: coroutine raised StopIteration`. Python's awaits an async function; this kit's hands
on the coroutine that it returns, so give it an ordinary function.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import unittest
from unittest import mock

import helpers


async def upper(text):
    return text.upper()


class TestSideEffect(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_hands_on_a_coroutine(self):
        f = helpers.AsyncMock(side_effect=upper)
        self.assertEqual(await (await f('data')), 'DATA')

    async def test_right_way(self):
        self.assertEqual(await helpers.AsyncMock(side_effect=str.upper)('data'), 'DATA')
        self.assertEqual(await mock.AsyncMock(side_effect=upper)('data'), 'DATA')

    async def test_right_way_a_sequence(self):
        for AsyncMock in helpers.AsyncMock, mock.AsyncMock:
            f = AsyncMock(side_effect=[1, TimeoutError])
            self.assertEqual(await f(), 1)
            with self.assertRaises(TimeoutError):
                await f()

    async def test_wrong_way_it_runs_out(self):
        with self.assertRaisesRegex(RuntimeError, 'coroutine raised StopIteration'):
            await helpers.AsyncMock(side_effect=[])()
        with self.assertRaises(StopAsyncIteration):
            await mock.AsyncMock(side_effect=[])()
