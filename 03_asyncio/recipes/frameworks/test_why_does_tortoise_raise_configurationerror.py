"""Why does Tortoise ORM raise ConfigurationError in my test?

A model has no connection before `Tortoise.init` has run, on the event loop of the test, and no
table before `generate_schemas`. Do both in asyncSetUp or in a fixture, for each test anew, with
SQLite in memory, and close the connections afterwards; then no test sees another one's rows.
Needs: `tortoise` (`pip install tortoise-orm`).
"""

import unittest

from tortoise import Tortoise, fields, models
from tortoise.exceptions import ConfigurationError


class City(models.Model):
    name = fields.CharField(max_length=20)


async def add_city(name):
    return await City.create(name=name)


class TestWithoutInit(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        message = 'default_connection for the model .* cannot be None'
        with self.assertRaisesRegex(ConfigurationError, message):
            await add_city('Rome')


class TestAddCity(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        await Tortoise.init(db_url='sqlite://:memory:', modules={'models': [__name__]})
        self.addAsyncCleanup(Tortoise.close_connections)
        await Tortoise.generate_schemas()

    async def test_right_way(self):
        await add_city('Rome')
        self.assertEqual(await City.all().count(), 1)

    async def test_right_way_in_the_next_test(self):
        self.assertEqual(await City.all().count(), 0)
