"""Tests with a real asynchronous generator: it may fail half-way, and knows when it is closed."""

import io
import unittest

from export import export


class Query:
    """Yields rows, then raises an error if it is given one, and remembers that it was closed."""

    def __init__(self, rows, error=None):
        self.closed = False
        self.rows = self.generate(rows, error)

    async def generate(self, rows, error):
        try:
            for row in rows:
                yield row
            if error:
                raise error
        finally:
            self.closed = True


class TestExport(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.file = io.StringIO()

    async def test_writes_each_row_and_returns_how_many(self):
        count = await export(Query(['ada', 'bob']).rows, self.file)
        self.assertEqual(self.file.getvalue(), 'ada\nbob\n')
        self.assertEqual(count, 2)

    async def test_leaves_out_deleted_rows_and_goes_on(self):
        count = await export(Query(['ada', None, 'bob']).rows, self.file)
        self.assertEqual(self.file.getvalue(), 'ada\nbob\n')
        self.assertEqual(count, 2)

    async def test_stops_at_the_limit_and_closes_the_query(self):
        query = Query(['ada', 'bob', 'carl'])
        count = await export(query.rows, self.file, limit=2)
        self.assertEqual(self.file.getvalue(), 'ada\nbob\n')
        self.assertEqual(count, 2)
        self.assertTrue(query.closed)

    async def test_keeps_what_has_arrived_when_the_query_fails(self):
        query = Query(['ada'], error=ConnectionError('gone'))
        with self.assertRaises(ConnectionError):
            await export(query.rows, self.file)
        self.assertEqual(self.file.getvalue(), 'ada\nINCOMPLETE\n')
