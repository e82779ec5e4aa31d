"""Does `inspect.iscoroutinefunction` recognise mocks, now that asyncio's is deprecated?

Yes for AsyncMock, and for a MagicMock whose spec is an `async def` function. A function made by
`create_autospec` is recognised from Python 3.12 on only. `asyncio.iscoroutinefunction` warns from
3.14 on and goes in 3.16. Neither sees that an async function stands behind a plain decorator, or
is the `__call__` of an object. Code that wants to be sure calls the function, and awaits the result
if `inspect.isawaitable` says so.
"""

import asyncio
import inspect
import sys
import unittest
import warnings
from unittest import mock


class Orders:
    def __init__(self, on_paid):
        self.on_paid = on_paid

    async def pay_asking_asyncio(self, number):
        if asyncio.iscoroutinefunction(self.on_paid):
            await self.on_paid(number)
        else:
            self.on_paid(number)

    async def pay_asking_inspect(self, number):
        if inspect.iscoroutinefunction(self.on_paid):
            await self.on_paid(number)
        else:
            self.on_paid(number)

    async def pay(self, number):
        result = self.on_paid(number)
        if inspect.isawaitable(result):
            await result


class Mailer:
    async def __call__(self, number):
        self.number = number


async def send_invoice(number): ...


DEPRECATED = "'asyncio.iscoroutinefunction' is deprecated and slated for removal in Python 3.16"


class TestOrders(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_is_deprecated(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            await Orders(mock.AsyncMock()).pay_asking_asyncio(7)
            await Orders(mock.MagicMock()).pay_asking_asyncio(7)
        deprecations = [warning for warning in caught if DEPRECATED in str(warning.message)]
        expected = 2 if sys.version_info >= (3, 14) else 0
        self.assertEqual(len(deprecations), expected)

    async def test_wrong_way_does_not_see_that_an_object_is_asynchronous(self):
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            await Orders(Mailer()).pay_asking_inspect(7)

    async def test_right_way_for_mocks(self):
        for on_paid in [mock.AsyncMock(), mock.MagicMock(spec=send_invoice)]:
            self.assertTrue(inspect.iscoroutinefunction(on_paid))
            await Orders(on_paid).pay_asking_inspect(7)
            on_paid.assert_awaited_once_with(7)

    async def test_right_way_for_everything(self):
        for on_paid in [mock.AsyncMock(), mock.create_autospec(send_invoice)]:
            await Orders(on_paid).pay(7)
            on_paid.assert_awaited_once_with(7)
        mailer = Mailer()
        await Orders(mailer).pay(7)
        self.assertEqual(mailer.number, 7)
        on_paid = mock.MagicMock()
        await Orders(on_paid).pay(7)
        on_paid.assert_called_once_with(7)
