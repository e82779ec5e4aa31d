"""Why is the fixture 'event_loop' not found?

pytest-asyncio 1.0 has removed it. A test that took it to run a coroutine becomes an `async def`
test, a fixture that took it becomes an asynchronous fixture, and both ask
`asyncio.get_running_loop()`. An `event_loop` fixture of your own, with a wider scope, no longer has
any effect: give a `loop_scope` to fixtures and tests. To stay as you are, pin pytest-asyncio<1.
Needs: `pytest_asyncio`.
"""

import asyncio

import pytest
import pytest_asyncio


class Order:
    """An order that is paid for later."""

    def __init__(self, loop):
        self.loop = loop
        self.paid = loop.create_future()

    def pay(self, amount):
        self.loop.call_soon(self.paid.set_result, amount)

    async def receipt(self):
        amount = await self.paid
        return f'{amount} euros paid'


@pytest.mark.xfail(raises=pytest.FixtureLookupError, strict=True, reason="'event_loop' not found")
def test_wrong_way_takes_the_old_fixture(event_loop): ...


# pytest-asyncio 0.23 to 0.26 warn: "The event_loop fixture provided by pytest-asyncio has been
# redefined", "Replacing the event_loop fixture with a custom implementation is deprecated".
class TestWrongWay:
    @pytest.fixture  # with scope='session', too
    def event_loop(self):
        loop = asyncio.new_event_loop()
        yield loop
        loop.close()

    @pytest.mark.asyncio
    async def test_wrong_way_own_fixture_has_no_effect(self, event_loop):
        assert asyncio.get_running_loop() is not event_loop


@pytest_asyncio.fixture
async def order():
    return Order(asyncio.get_running_loop())


@pytest.mark.asyncio
async def test_right_way(order):
    order.pay(5)
    assert await order.receipt() == '5 euros paid'


def test_right_way_without_async_def():
    with asyncio.Runner() as runner:  # was: event_loop.run_until_complete(...)
        order = Order(runner.get_loop())
        order.pay(5)
        assert runner.run(order.receipt()) == '5 euros paid'
