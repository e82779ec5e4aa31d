"""Why does pytest-asyncio say that my test "is not an async function"?

It is marked, but a decorator has replaced it by a synchronous wrapper, which calls it and drops the
coroutine, so the test passes without having run. (If the wrapper returns the coroutine, pytest 8.4
and later say "Expected None, but test returned".) The wrapper must be `async def`, too, and await
the test. If the test needs no `await`, remove the mark: `pytestmark = pytest.mark.asyncio` reaches
synchronous tests, too; asyncio_mode = "auto" does not. Needs: `pytest_asyncio`.
"""

import asyncio
import functools

import pytest

prices = {}


async def raise_price(name, percent):
    await asyncio.sleep(0)
    prices[name] = prices[name] * (100 + percent) / 100


def with_prices(test):
    @functools.wraps(test)
    def wrapper(*args, **kwargs):
        prices['tea'] = 100
        test(*args, **kwargs)  # with `return`: Expected None, but test returned <coroutine ...>

    return wrapper


@pytest.mark.filterwarnings('ignore:.*is not an async function', 'ignore:.*was never awaited')
@pytest.mark.asyncio
@with_prices
async def test_wrong_way_passes_whatever_it_says(): ...


def with_prices_async(test):
    @functools.wraps(test)
    async def wrapper(*args, **kwargs):
        prices['tea'] = 100
        await test(*args, **kwargs)

    return wrapper


@pytest.mark.asyncio
@with_prices_async
async def test_right_way():
    await raise_price('tea', 5)
    assert prices == {'tea': 105}
