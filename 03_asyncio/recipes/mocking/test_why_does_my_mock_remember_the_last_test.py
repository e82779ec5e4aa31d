"""Why does my mock remember the last test?

`new=AsyncMock()` makes a single mock, when the decorator runs. A test that is repeated, inherited
or parametrized therefore finds the calls of the previous run. It can pass falsely
(`assert_awaited_with`), or fail for no reason ("Awaited 2 times"; with this kit's mock "Called 2
times"). Plain `mock.patch(target)` makes a new AsyncMock for each test if the target is an `async
def` function; `new_callable=AsyncMock` does so for any target. Or make the mock in `setUp`.
"""

import unittest
from unittest import mock


async def send(packet): ...


class Server:
    async def answer(self, packet):
        if packet == 'PING':
            await send('PONG')


class TestServer(unittest.IsolatedAsyncioTestCase):
    @mock.patch(f'{__name__}.send', new=mock.AsyncMock())
    async def check_with_new(self, packet):
        await Server().answer(packet)
        send.assert_awaited_once_with('PONG')

    @mock.patch(f'{__name__}.send', new=mock.AsyncMock())
    async def check_last_with_new(self, packet):
        await Server().answer(packet)
        send.assert_awaited_with('PONG')

    @mock.patch(f'{__name__}.send')
    async def check(self, packet, send):
        await Server().answer(packet)
        send.assert_awaited_once_with('PONG')

    async def test_wrong_way_fails_for_no_reason(self):
        await self.check_with_new('PING')
        with self.assertRaisesRegex(AssertionError, 'Awaited 2 times'):
            await self.check_with_new('PING')

    async def test_wrong_way_passes_falsely(self):
        await self.check_last_with_new('PING')
        await self.check_last_with_new('HELLO')  # finds the PONG of the line above

    async def test_right_way(self):
        await self.check('PING')
        await self.check('PING')
        with self.assertRaisesRegex(AssertionError, 'Awaited 0 times'):
            await self.check('HELLO')


class TestServerWithSetUp(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.send = self.enterContext(mock.patch(f'{__name__}.send'))

    async def test_right_way_in_set_up(self):
        await Server().answer('PING')
        self.send.assert_awaited_once_with('PONG')
