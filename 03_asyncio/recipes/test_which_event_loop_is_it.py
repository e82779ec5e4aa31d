"""Which event loop is it, and why is it closed?

What waits belongs to one loop, and every `asyncio.run` makes one and closes it: the next call finds
that things are "attached to a different loop", or "Event loop is closed". `get_event_loop()` finds
none after any `asyncio.run`, and since Python 3.14 not even before. Own one loop openly, in an
`asyncio.Runner`, for all that belongs together; IsolatedAsyncioTestCase has one for each test.
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
    future = asyncio.run(make())
    pytest.raises(RuntimeError, asyncio.run, wait(future)).match('attached to a different loop')
    pytest.raises(RuntimeError, future.get_loop().call_soon, print).match('Event loop is closed')
    pytest.raises(RuntimeError, asyncio.get_event_loop).match('There is no current event loop')


def test_wrong_way_whichever_loop_is_there():
    program = [sys.executable, '-W', 'ignore', '-c', 'import asyncio; asyncio.get_event_loop()']
    assert subprocess.run(program).returncode == (sys.version_info >= (3, 14))


def test_right_way():
    with asyncio.Runner() as runner:
        future = runner.run(make())
        runner.get_loop().call_soon(future.set_result, 'done')
        assert runner.run(wait(future)) == 'done'
