"""How do I test an async function in a doctest?

A doctest runs each line by itself, and no loop runs it: `>>> await f()` is a SyntaxError, "'await'
outside function", and `>>> f()` shows a coroutine object. Write `>>> asyncio.run(f())`. If several
lines need the same connection, put them into one `async def main()` in the doctest, and run that,
or keep an `asyncio.Runner` for all of them. (xdoctest allows `await` in doctests.)
"""

import asyncio
import doctest


async def convert(amount, rate):
    """Convert an amount of money.

    >>> await convert(100, 1.25)
    125.0
    """
    return amount * rate


async def convert_back(amount, rate):
    """Convert it back.

    >>> asyncio.run(convert_back(125, 1.25))
    100.0
    >>> async def main():
    ...     dollars = await convert(100, 1.25)
    ...     print(await convert_back(dollars, 1.25))
    >>> asyncio.run(main())
    100.0
    """
    return amount / rate


def failures_of(function):
    """Run the doctests of one function, as `pytest --doctest-modules` does with all."""
    output = []
    runner = doctest.DocTestRunner()
    for test in doctest.DocTestFinder().find(function, globs=globals()):
        runner.run(test, out=output.append)
    return ''.join(output)


def test_wrong_way():
    assert "SyntaxError: 'await' outside function" in failures_of(convert)


def test_right_way():
    assert failures_of(convert_back) == ''
    assert asyncio.run(convert(100, 1.25)) == 125
