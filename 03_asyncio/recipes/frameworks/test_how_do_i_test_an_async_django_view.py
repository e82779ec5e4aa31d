"""How do I test an async Django view?

In an async test with `self.async_client` (or AsyncClient), whose methods must be awaited. Without
the await you get a coroutine, and the usual `self.client` cannot run an async view where a loop is
already running. In a test that is not async, `self.client` works, also for async views, which then
run on a loop of their own.
Needs: `django`, `pytest_django`.
"""

import asyncio

import django
from django.conf import settings
from django.http import JsonResponse
from django.test import SimpleTestCase, override_settings
from django.urls import path

if not settings.configured:  # pragma: no branch (a project has its own settings)
    settings.configure(
        DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}},
        INSTALLED_APPS=['django.contrib.auth', 'django.contrib.contenttypes'],
    )
    django.setup()


async def load_price(city):
    await asyncio.sleep(0)
    return {'Rome': 120}[city]


async def show_price(request, city):
    return JsonResponse({'price': await load_price(city)})


urlpatterns = [path('price/<city>/', show_price)]


@override_settings(ROOT_URLCONF=__name__)
class TestShowPrice(SimpleTestCase):
    async def test_wrong_way_without_await(self):
        response = self.async_client.get('/price/Rome/')
        with self.assertRaisesRegex(AttributeError, "'coroutine' object has no attribute"):
            self.assertEqual(response.status_code, 200)
        response.close()

    async def test_wrong_way_with_the_synchronous_client(self):
        message = 'You cannot use AsyncToSync in the same thread as an async event loop'
        with self.assertRaisesRegex(RuntimeError, message):
            self.client.get('/price/Rome/')

    async def test_right_way(self):
        response = await self.async_client.get('/price/Rome/')
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), {'price': 120})

    def test_right_way_in_a_synchronous_test(self):
        response = self.client.get('/price/Rome/')
        self.assertEqual(response.json(), {'price': 120})
