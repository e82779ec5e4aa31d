"""How do I test a command (argparse, click, typer) that calls `asyncio.run`?

In a synchronous test: call it as its users do (with click, `CliRunner().invoke(main, ['May'])`),
and patch the coroutine function that it needs; `mock.patch` makes it an AsyncMock. An `async def`
test is itself run by a loop, so there the command needs a thread: `asyncio.to_thread(main)`. Do not
patch `asyncio.run`: nothing runs then, and the test passes whatever the coroutine does; a warning
that it was never awaited is all that is left.
"""

import argparse
import asyncio
import unittest
from unittest import mock

import pytest


async def fetch_sales(month):
    raise ConnectionError('there is no network in tests')


async def report(month):
    sales = await fetch_sales(month)
    print(f'{month}: {sales} euros')


def main(arguments=None):
    parser = argparse.ArgumentParser()
    parser.add_argument('month')
    options = parser.parse_args(arguments)
    asyncio.run(report(options.month))


@mock.patch('asyncio.run')
def test_wrong_way_nothing_runs(run, capsys):
    main(['May'])
    run.assert_called_once()
    assert capsys.readouterr().out == ''
    (coroutine,) = run.call_args.args
    coroutine.close()  # or else: RuntimeWarning: coroutine 'report' was never awaited


@pytest.mark.filterwarnings('ignore:coroutine .* was never awaited')
class WrongWay(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_in_an_async_test(self):
        with self.assertRaises(RuntimeError) as caught:
            main(['May'])
        message = 'asyncio.run() cannot be called from a running event loop'
        self.assertEqual(str(caught.exception), message)


@mock.patch(f'{__name__}.fetch_sales', return_value=200)  # elsewhere: 'package.module.fetch_sales'
def test_right_way(fetch_sales, capsys):
    main(['May'])
    fetch_sales.assert_awaited_once_with('May')
    assert capsys.readouterr().out == 'May: 200 euros\n'


def test_right_way_wrong_arguments(capsys):
    with pytest.raises(SystemExit):
        main([])
    assert 'required: month' in capsys.readouterr().err


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def test_right_way_in_an_async_test(self):
        with self.assertRaises(ConnectionError):
            await asyncio.to_thread(main, ['May'])
