"""An endless worker: how do you test what never returns? These tests cut it short, and ask little.

An exception that is no OSError ends the worker, so the tests use one to get out of its loop. Let it
run as a task instead, as the program does, and wait until its queue is empty.
The file to edit is 03_asyncio/my_work/12_queue_worker/test_thumbnails.py.
"""

import asyncio
import unittest
from unittest import mock

from thumbnails import work


class Enough(Exception):
    """Ends the worker."""


class TestWork(unittest.IsolatedAsyncioTestCase):
    async def test_shrinks_a_picture(self):
        queue = asyncio.Queue()
        queue.put_nowait('cat.png')
        shrink = mock.AsyncMock(side_effect=Enough)
        with self.assertRaises(Enough):
            await work(queue, shrink)
        shrink.assert_called_once_with('cat.png')

    async def test_logs_a_picture_that_cannot_be_shrunk(self):
        queue = asyncio.Queue()
        queue.put_nowait('cat.png')
        queue.put_nowait('dog.png')
        shrink = mock.AsyncMock(side_effect=[OSError('disk full'), Enough])
        with self.assertLogs('thumbnails'), self.assertRaises(Enough):
            await work(queue, shrink)
