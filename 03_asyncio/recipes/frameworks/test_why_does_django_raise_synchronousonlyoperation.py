"""Why does Django raise SynchronousOnlyOperation in my test?

In a thread whose event loop is running, Django refuses the synchronous ORM, which would block the
loop. In an async test, use the methods that begin with "a" (`acreate`, `aget`, `acount`) and
`async for`, and call a synchronous function with `sync_to_async`. If the test is not async, a
plugin runs a loop around it (Playwright's `page`): set DJANGO_ALLOW_ASYNC_UNSAFE=true for tests.
Needs: `asgiref`, `django`, `pytest_django`.
"""

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.test import TestCase

if not settings.configured:  # pragma: no branch (a project has its own settings)
    settings.configure(
        DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}},
        INSTALLED_APPS=['django.contrib.auth', 'django.contrib.contenttypes'],
    )
    django.setup()

from django.contrib.auth.models import Group, User


def join_team(name, team):
    group, _created = Group.objects.get_or_create(name=team)
    user = User.objects.create(username=name)
    user.groups.add(group)
    return user


async def list_members(team):
    return [user.username async for user in User.objects.filter(groups__name=team)]


class TestTeam(TestCase):
    async def test_wrong_way(self):
        message = 'You cannot call this from an async context - use a thread or sync_to_async'
        with self.assertRaisesRegex(SynchronousOnlyOperation, message):
            join_team('ada', 'red')

    async def test_right_way(self):
        await sync_to_async(join_team)('ada', 'red')
        self.assertEqual(await list_members('red'), ['ada'])

    async def test_right_way_with_the_asynchronous_orm(self):
        user = await User.objects.acreate(username='ada')
        await user.groups.aadd(await Group.objects.acreate(name='red'))
        self.assertEqual(await list_members('red'), ['ada'])
