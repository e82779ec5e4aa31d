"""Why do pytest's fixtures and parametrize not reach my IsolatedAsyncioTestCase?

unittest calls its test methods without arguments, so a fixture named there is "missing", and
`pytest.mark.parametrize` does nothing, even under pytest. An autouse fixture in the class reaches
it: keep what it gives on `self`. Instead of parametrize, loop over `self.subTest`. An async fixture
of pytest-asyncio would run on another event loop than the test: use asyncSetUp. Or write the tests
as functions for pytest-asyncio, which take fixtures and parameters.
"""

import json
import unittest

import pytest


class Settings:
    """Settings in a file."""

    def __init__(self, path):
        self.path = path

    async def save(self, values):
        self.path.write_text(json.dumps(values))

    async def load(self):
        return json.loads(self.path.read_text())


class WrongWay(unittest.IsolatedAsyncioTestCase):
    @pytest.mark.xfail(
        raises=TypeError, strict=True, reason='missing 1 required positional argument'
    )
    async def test_wrong_way_fixture(self, tmp_path): ...

    @pytest.mark.xfail(
        raises=TypeError, strict=True, reason='missing 2 required positional arguments'
    )
    @pytest.mark.parametrize(('key', 'value'), [('size', 1), ('name', 'Ann')])
    async def test_wrong_way_parametrize(self, key, value): ...


class RightWay(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def keep_fixtures(self, tmp_path):
        self.path = tmp_path / 'settings.json'

    async def asyncSetUp(self):
        self.settings = Settings(self.path)
        await self.settings.save({})

    async def test_right_way(self):
        for values in [{'size': 1}, {'name': 'Ann'}]:
            with self.subTest(values=values):
                await self.settings.save(values)
                self.assertEqual(await self.settings.load(), values)
