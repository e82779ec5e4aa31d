"""How do I test code that calls `asyncio.to_thread` or `run_in_executor`?

Do not mock `to_thread`: nothing is called then, and the test passes even if the arguments are
wrong. Let the thread run, and mock the blocking function, with an ordinary Mock: from an AsyncMock
the thread gets a coroutine that nobody awaits. Patches apply in threads, too, but only while they
last: await the call inside `with mock.patch(...)`, or the thread may run after it.
"""

import asyncio
import threading
import unittest
from unittest import mock


class ReportStore:
    def __init__(self, s3):
        self.s3 = s3

    async def load(self, name):
        return await asyncio.to_thread(self.s3.download, name)

    async def save(self, name, report):
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self.s3.upload, name, report)


class TestReportStore(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        s3 = mock.Mock()
        with mock.patch('asyncio.to_thread') as to_thread:
            await ReportStore(s3).load('may')
        to_thread.assert_awaited_once()
        s3.download.assert_not_called()

    async def test_wrong_way_with_an_asyncmock(self):
        s3 = mock.AsyncMock()
        report = await ReportStore(s3).load('may')
        self.assertTrue(asyncio.iscoroutine(report))
        report.close()  # else: coroutine 'AsyncMockMixin._execute_mock_call' was never awaited
        message = 'coroutines cannot be used with run_in_executor'
        with self.assertRaisesRegex(TypeError, message):  # in debug mode only
            await ReportStore(s3).save('may', b'report')

    async def test_right_way(self):
        s3 = mock.Mock()
        s3.download.return_value = b'report'
        report = await ReportStore(s3).load('may')
        self.assertEqual(report, b'report')
        s3.download.assert_called_once_with('may')

    async def test_right_way_with_an_error(self):
        s3 = mock.Mock()
        s3.download.side_effect = FileNotFoundError('may')
        with self.assertRaises(FileNotFoundError):
            await ReportStore(s3).load('may')

    async def test_right_way_shows_that_it_ran_in_another_thread(self):
        threads = []

        def upload(name, report):
            threads.append(threading.current_thread())

        s3 = mock.Mock()
        s3.upload.side_effect = upload
        await ReportStore(s3).save('may', b'report')
        s3.upload.assert_called_once_with('may', b'report')
        self.assertNotIn(threading.current_thread(), threads)
