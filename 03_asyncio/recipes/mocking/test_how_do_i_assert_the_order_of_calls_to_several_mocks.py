"""How do I assert the order of calls to several mocks?

Each mock knows only its own calls, so assertions on each of them pass in any order. Make the mocks
children of one parent: its `mock_calls` lists the calls of all of them in order. `attach_mock` does
that for mocks that `mock.patch` has made. `mock_calls` counts calls, not awaits, so assert the
awaits as well.
"""

import unittest
from unittest import mock


async def notify(text): ...


class Backup:
    def __init__(self, database, storage):
        self.database = database
        self.storage = storage

    async def run(self):
        await self.database.lock()
        await self.storage.upload('data')
        await self.database.unlock()
        await notify('done')


class HastyBackup(Backup):
    async def run(self):
        await self.database.lock()
        await self.database.unlock()  # a bug: it should still be locked during the upload
        await self.storage.upload('data')


RIGHT_ORDER = [
    mock.call.database.lock(),
    mock.call.storage.upload('data'),
    mock.call.database.unlock(),
]


class TestBackup(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_does_not_see_the_bug(self):
        database = mock.AsyncMock()
        storage = mock.AsyncMock()
        await HastyBackup(database, storage).run()
        database.lock.assert_awaited_once_with()
        storage.upload.assert_awaited_once_with('data')
        database.unlock.assert_awaited_once_with()

    async def test_right_way(self):
        parent = mock.AsyncMock()
        await Backup(parent.database, parent.storage).run()
        self.assertEqual(parent.mock_calls, RIGHT_ORDER)
        parent.database.unlock.assert_awaited_once_with()

    async def test_right_way_sees_the_bug(self):
        parent = mock.AsyncMock()
        await HastyBackup(parent.database, parent.storage).run()
        with self.assertRaisesRegex(AssertionError, 'Calls not found'):
            parent.assert_has_calls(RIGHT_ORDER)

    async def test_right_way_with_patch(self):
        parent = mock.AsyncMock()
        with mock.patch(f'{__name__}.notify') as mocked:
            parent.attach_mock(mocked, 'notify')
            await Backup(parent.database, parent.storage).run()
        self.assertEqual(parent.mock_calls, [*RIGHT_ORDER, mock.call.notify('done')])
