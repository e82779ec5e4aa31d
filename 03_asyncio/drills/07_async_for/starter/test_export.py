"""`async for`: these tests reach the first lines of export(), and iterate over nothing.

A MagicMock can be iterated over asynchronously, and has nothing in it. Give it rows, and let the
query fail half-way. The file to edit is 03_asyncio/my_work/07_async_for/test_export.py.
"""

import unittest
from unittest import mock

from export import export


class TestExport(unittest.IsolatedAsyncioTestCase):
    async def test_writes_the_rows(self):
        rows = mock.MagicMock()
        rows.aclose = mock.AsyncMock()
        file = mock.MagicMock()
        count = await export(rows, file)
        self.assertEqual(count, len(file.write.mock_calls))

    async def test_stops_at_the_limit(self):
        rows = mock.MagicMock()
        rows.aclose = mock.AsyncMock()
        count = await export(rows, mock.MagicMock(), limit=2)
        self.assertLessEqual(count, 2)
