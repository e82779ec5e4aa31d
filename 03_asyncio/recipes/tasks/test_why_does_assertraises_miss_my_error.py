"""Why does `assertRaises` miss my error?

A TaskGroup wraps even a single error in an ExceptionGroup: `assertRaises(ValueError)` does not
catch that, and `assertRaises(ExceptionGroup)` accepts any error inside. Look inside, with
`pytest.RaisesGroup`, or with `split()`, which also finds the error in nested groups.
"""

import asyncio
import unittest

import pytest


async def handle_request(error):
    raise error


async def serve(error):
    async with asyncio.TaskGroup() as group:
        group.create_task(handle_request(error))


class TestServe(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_misses_it(self):
        with pytest.raises(ExceptionGroup, match='unhandled errors in a TaskGroup'):
            with self.assertRaises(ValueError):
                await serve(ValueError())

    async def test_wrong_way_passes_falsely(self):
        with self.assertRaises(ExceptionGroup):
            await serve(ZeroDivisionError())

    async def test_right_way_with_pytest(self):
        with pytest.RaisesGroup(ValueError):
            await serve(ValueError())

    async def test_right_way_with_unittest(self):
        with self.assertRaises(ExceptionGroup) as raised:
            await serve(ValueError())
        expected, others = raised.exception.split(ValueError)
        self.assertIsNotNone(expected)
        self.assertIsNone(others)
