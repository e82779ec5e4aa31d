"""How do I assert several awaits of one AsyncMock, in any order?

`assert_awaited_once` and `assert_awaited_once_with` fail as soon as there are two awaits, and
`assert_awaited_with` looks at the last one only. For all of them, compare `await_args_list` with a
list of `mock.call(...)`: with assertCountEqual if they run concurrently, in a TaskGroup or with
gather. `assert_has_awaits(calls, any_order=True)` is weaker: it allows further awaits.
"""

import asyncio
import unittest
from unittest import mock


class Newsletter:
    def __init__(self, mailer):
        self.mailer = mailer

    async def send(self, readers):
        async with asyncio.TaskGroup() as group:
            for reader in readers:
                group.create_task(self.mailer.send(reader, subject='News'))


class TestNewsletter(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.mailer = mock.AsyncMock()
        await Newsletter(self.mailer).send(['Ann', 'Bob'])

    async def test_wrong_way_expects_one(self):
        message = 'Expected send to have been awaited once. Awaited 2 times.'
        with self.assertRaisesRegex(AssertionError, message):
            self.mailer.send.assert_awaited_once_with('Bob', subject='News')

    async def test_wrong_way_sees_the_last_await_only(self):
        with self.assertRaisesRegex(AssertionError, 'expected await not found'):
            self.mailer.send.assert_awaited_with('Ann', subject='News')

    async def test_wrong_way_depends_on_the_order(self):
        calls = [mock.call('Bob', subject='News'), mock.call('Ann', subject='News')]
        with self.assertRaisesRegex(AssertionError, 'Awaits not found'):
            self.mailer.send.assert_has_awaits(calls)

    async def test_right_way_in_this_order(self):
        calls = [mock.call('Ann', subject='News'), mock.call('Bob', subject='News')]
        self.assertEqual(self.mailer.send.await_args_list, calls)

    async def test_right_way_in_any_order(self):
        calls = [mock.call('Bob', subject='News'), mock.call('Ann', subject='News')]
        self.assertCountEqual(self.mailer.send.await_args_list, calls)

    async def test_right_way_for_one_of_them(self):
        self.mailer.send.assert_any_await('Ann', subject='News')
        self.assertEqual(self.mailer.send.await_count, 2)

    async def test_right_way_for_a_part_of_the_arguments(self):
        readers = [call.args[0] for call in self.mailer.send.await_args_list]
        self.assertCountEqual(readers, ['Ann', 'Bob'])
