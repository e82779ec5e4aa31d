"""Why does pytest not end after the last test, with aiosqlite?

Each aiosqlite connection has a thread (`_connection_worker_thread`) that ends only when it is
closed, and from aiosqlite 0.22 on Python waits for that thread at exit. (Closed after its loop, it
says "Event loop is closed", in PytestUnhandledThreadExceptionWarning.) Close each connection in the
test or fixture that opens it, and an SQLAlchemy engine with `await engine.dispose()`.
Needs: `aiosqlite`.
"""

import threading
import unittest

import aiosqlite


class Notes:
    async def open(self, path):
        self.connection = await aiosqlite.connect(path)
        await self.connection.execute('CREATE TABLE IF NOT EXISTS notes (text)')

    async def close(self):
        await self.connection.close()

    async def add(self, text):
        await self.connection.execute('INSERT INTO notes VALUES (?)', [text])

    async def count(self):
        async with self.connection.execute('SELECT count(*) FROM notes') as cursor:
            [count] = await cursor.fetchone()
        return count


class TestNotes(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        threads_before = threading.enumerate()
        notes = Notes()
        await notes.open(':memory:')
        await notes.add('buy milk')
        self.assertEqual(await notes.count(), 1)  # passes, but the connection stays open

        [thread] = set(threading.enumerate()) - set(threads_before)
        self.assertIn('_connection_worker_thread', thread.name)
        self.assertFalse(thread.daemon)  # so Python will wait for it, if `notes` is never deleted
        with self.assertWarnsRegex(ResourceWarning, 'was deleted before being closed'):
            del notes
        thread.join()

    async def test_right_way(self):
        notes = Notes()
        await notes.open(':memory:')
        self.addAsyncCleanup(notes.close)
        await notes.add('buy milk')
        self.assertEqual(await notes.count(), 1)
