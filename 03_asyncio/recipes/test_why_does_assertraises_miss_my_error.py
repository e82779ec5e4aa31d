"""Why does `assertRaises` miss my error?

A TaskGroup wraps even a single error in an ExceptionGroup: `assertRaises(ValueError)` lets that
through, and `assertRaises(ExceptionGroup)` accepts any error inside. So look inside, with
`pytest.RaisesGroup`, or with `split()`, which finds the error in nested groups as well.
"""

import asyncio
import unittest

import pytest


async def fail(error):
    raise error


async def serve(error):
    async with asyncio.TaskGroup() as group:
        group.create_task(fail(error))


class TestServe(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_misses_it(self):
        with pytest.raises(ExceptionGroup, match='unhandled errors in a TaskGroup'):
            with self.assertRaises(ValueError):
                await serve(ValueError())

    async def test_wrong_way_passes_falsely(self):
        with self.assertRaises(ExceptionGroup):
            await serve(ZeroDivisionError())

    async def test_right_way(self):
        with pytest.RaisesGroup(ValueError):
            await serve(ValueError())

    async def test_right_way_of_unittest(self):
        with self.assertRaises(ExceptionGroup) as raised:
            await serve(ValueError())
        self.assertIsNone(raised.exception.split(ValueError)[1])  # the rest
