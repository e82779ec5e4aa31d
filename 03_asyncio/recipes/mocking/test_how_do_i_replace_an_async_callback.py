"""How do I replace an async callback or event handler in a test?

Pass an AsyncMock where your code awaits the callback, and assert on its awaits. A MagicMock, or any
function without `async`, returns what cannot be awaited. If callers may pass either kind, call the
callback first and await what it returned if `inspect.isawaitable` says so, and test both kinds.
"""

import inspect
import unittest
from unittest import mock


class Download:
    def __init__(self, chunks, on_progress):
        self.chunks = chunks
        self.on_progress = on_progress

    async def run(self):
        for chunk in self.chunks:
            await self.on_progress(len(chunk))


class PatientDownload(Download):
    async def run(self):
        for chunk in self.chunks:
            result = self.on_progress(len(chunk))
            if inspect.isawaitable(result):
                await result


def print_progress(size):
    print(f'{size} bytes')


class TestDownload(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_with_a_magicmock(self):
        message = (
            "object MagicMock can't be used in 'await' expression"
            "|'MagicMock' object can't be awaited"
        )
        with self.assertRaisesRegex(TypeError, message):
            await Download([b'abc', b'de'], mock.MagicMock()).run()

    async def test_wrong_way_with_a_synchronous_function(self):
        message = (
            "object NoneType can't be used in 'await' expression|'NoneType' object can't be awaited"
        )
        with self.assertRaisesRegex(TypeError, message):
            await Download([b'abc', b'de'], print_progress).run()

    async def test_right_way(self):
        on_progress = mock.AsyncMock()
        await Download([b'abc', b'de'], on_progress).run()
        self.assertEqual(on_progress.await_args_list, [mock.call(3), mock.call(2)])

    async def test_right_way_when_the_callback_fails(self):
        on_progress = mock.AsyncMock(side_effect=OSError('disk full'))
        with self.assertRaises(OSError):
            await Download([b'abc', b'de'], on_progress).run()
        on_progress.assert_awaited_once_with(3)

    async def test_right_way_for_either_kind(self):
        asynchronous = mock.AsyncMock()
        await PatientDownload([b'abc', b'de'], asynchronous).run()
        self.assertEqual(asynchronous.await_count, 2)
        synchronous = mock.MagicMock()
        await PatientDownload([b'abc', b'de'], synchronous).run()
        self.assertEqual(synchronous.call_count, 2)
