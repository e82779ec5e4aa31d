"""How do I mock an async generator that fails half-way, as a connection does?

Write a small async generator function that yields a few items and then raises, and make it the
`side_effect` of a MagicMock (not of an AsyncMock, which would return a coroutine). An exception as
`side_effect` is raised before the first item, and an exception in the list of
`__aiter__.return_value` is not raised at all: it arrives as an item.
"""

import unittest
from unittest import mock


class Import:
    def __init__(self, source, store):
        self.source = source
        self.store = store

    async def run(self):
        try:
            async for row in self.source.rows(since=2024):
                await self.store.add(row)
        except ConnectionError:
            await self.store.roll_back()
        else:
            await self.store.commit()


async def two_rows_and_an_error(since):
    yield 'first'
    yield 'second'
    raise ConnectionError


async def two_rows(since):
    yield 'first'
    yield 'second'


class TestImport(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.source = mock.MagicMock()
        self.store = mock.AsyncMock()

    async def test_wrong_way_fails_before_the_first_row(self):
        self.source.rows.side_effect = ConnectionError
        await Import(self.source, self.store).run()
        self.store.add.assert_not_awaited()

    async def test_wrong_way_does_not_raise(self):
        error = ConnectionError()
        self.source.rows.return_value.__aiter__.return_value = ['first', error]
        await Import(self.source, self.store).run()
        self.store.add.assert_awaited_with(error)

    async def test_right_way(self):
        self.source.rows.side_effect = two_rows_and_an_error
        await Import(self.source, self.store).run()
        self.source.rows.assert_called_once_with(since=2024)
        self.assertEqual(self.store.add.await_count, 2)
        self.store.roll_back.assert_awaited_once_with()
        self.store.commit.assert_not_awaited()

    async def test_right_way_without_an_error(self):
        self.source.rows.side_effect = two_rows
        await Import(self.source, self.store).run()
        self.assertEqual(self.store.add.await_args_list, [mock.call('first'), mock.call('second')])
        self.store.commit.assert_awaited_once_with()
