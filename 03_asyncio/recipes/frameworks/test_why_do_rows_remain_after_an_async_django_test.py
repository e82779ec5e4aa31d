"""Why do rows remain in the database after an async Django test?

pytest-django begins and rolls back a transaction in the thread of the test, but in a test of
pytest-asyncio the ORM runs in another thread, on another connection, and commits. Write async
methods in Django's own TestCase, which runs them so that the ORM stays in one thread, or mark the
test with django_db(transaction=True), which empties the tables afterwards and is slower. The same
goes if a consumer of Channels does not see the rows of setUp: use a TransactionTestCase there.
Needs: `django`, `pytest_asyncio`, `pytest_django`.
"""

import django
import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import TestCase

if not settings.configured:  # pragma: no branch (a project has its own settings)
    settings.configure(
        DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}},
        INSTALLED_APPS=['django.contrib.auth', 'django.contrib.contenttypes'],
    )
    django.setup()

from django.contrib.auth.models import Group


async def add_team(name):
    return await Group.objects.acreate(name=name)


class TestTeam(TestCase):
    async def test_right_way(self):
        await add_team('red')

    async def test_right_way_in_the_next_test(self):
        await add_team('red')


@pytest.mark.asyncio
@pytest.mark.django_db
async def test_wrong_way():
    await add_team('red')


@pytest.mark.asyncio
@pytest.mark.django_db
async def test_wrong_way_in_the_next_test():
    with pytest.raises(IntegrityError, match='UNIQUE constraint failed'):
        await add_team('red')
    await Group.objects.all().adelete()


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_right_way_with_pytest_asyncio():
    await add_team('red')


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_right_way_with_pytest_asyncio_in_the_next_test():
    await add_team('red')
