"""Why does a StreamReader raise LimitOverrunError or ValueError for a long line?

A line may have at most 64 KiB (`limit`). Beyond that, readuntil() raises LimitOverrunError, and
readline() a ValueError with the same words. Pass a larger `limit=` to open_connection, start_server
or create_subprocess_exec, or handle the error and close the connection. In the test, create a real
StreamReader with a tiny limit, and feed it a long line, and the beginning of one.
"""

import asyncio
import unittest


async def naive_read_command(reader):
    return await reader.readline()


async def read_command(reader):
    try:
        return await reader.readuntil(b'\n')
    except asyncio.LimitOverrunError:
        return b'TOO LONG\n'


class TestReadCommand(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.reader = asyncio.StreamReader(limit=10)

    async def test_wrong_way_with_a_long_line(self):
        self.reader.feed_data(b'a very long line\n')
        message = 'Separator is found, but chunk is longer than limit'
        with self.assertRaisesRegex(ValueError, message):
            await naive_read_command(self.reader)

    async def test_wrong_way_with_the_beginning_of_a_line(self):
        self.reader.feed_data(b'the beginning of a very long line')
        message = 'Separator is not found, and chunk exceed the limit'
        with self.assertRaisesRegex(ValueError, message):
            await naive_read_command(self.reader)

    async def test_right_way(self):
        self.reader.feed_data(b'short\n')
        self.assertEqual(await read_command(self.reader), b'short\n')

    async def test_right_way_with_a_long_line(self):
        for data in [b'a very long line\n', b'the beginning of a very long line']:
            self.reader.feed_data(data)
            self.assertEqual(await read_command(self.reader), b'TOO LONG\n')
