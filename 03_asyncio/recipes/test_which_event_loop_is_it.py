"""Which event loop is it, and why is it closed?

A future, or a Lock once waited for, has one loop; each `asyncio.run` makes its own and closes it.
Use one `asyncio.Runner` for all that belongs together; with pytest-asyncio, one `loop_scope`.
`get_event_loop()` fails after `asyncio.run`, and from Python 3.14 on before it, too.
"""

import asyncio
import subprocess
import sys

import pytest


async def make():
    return asyncio.get_running_loop().create_future()


async def wait(future):
    return await future


def test_wrong_way_a_loop_for_each_call():
    future, event = asyncio.run(make()), asyncio.Event()
    pytest.raises(TimeoutError, asyncio.run, asyncio.wait_for(event.wait(), 0.01))
    pytest.raises(RuntimeError, future.get_loop().call_soon, print).match('Event loop is closed')
    pytest.raises(RuntimeError, asyncio.run, wait(future)).match('attached to a different loop')
    pytest.raises(RuntimeError, asyncio.run, event.wait()).match('bound to a different event loop')
    pytest.raises(RuntimeError, asyncio.get_event_loop).match('There is no current event loop')


def test_wrong_way_whichever_loop_is_there():
    program = [sys.executable, '-W', 'ignore', '-c', 'import asyncio; asyncio.get_event_loop()']
    assert subprocess.run(program, capture_output=True).returncode == (sys.version_info >= (3, 14))


def test_right_way():
    with asyncio.Runner() as runner:
        (future := runner.run(make())).get_loop().call_soon(future.set_result, 'done')
        assert runner.run(wait(future)) == 'done'
