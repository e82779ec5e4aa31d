"""Which event loop is it, and why is it closed?

A future belongs to one loop, and so does a Lock or an Event that has been waited for. Each
`asyncio.run` makes a new loop and closes it. Use one `asyncio.Runner` for everything that belongs
together; with pytest-asyncio, one `loop_scope`. `get_event_loop()` fails after `asyncio.run`
and, from Python 3.14 on, even before it.
"""

import asyncio
import subprocess
import sys

import pytest


class Connection:
    async def open(self):
        self.loop = asyncio.get_running_loop()
        self.reply = self.loop.create_future()

    async def read(self):
        return await self.reply


def test_wrong_way_a_new_loop_for_each_call():
    connection = Connection()
    asyncio.run(connection.open())
    with pytest.raises(RuntimeError, match='attached to a different loop'):
        asyncio.run(connection.read())
    with pytest.raises(RuntimeError, match='Event loop is closed'):
        connection.loop.call_soon(connection.reply.set_result, 'done')


def test_wrong_way_an_event_waited_for_before():
    event = asyncio.Event()
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(event.wait(), timeout=0.01))
    with pytest.raises(RuntimeError, match='bound to a different event loop'):
        asyncio.run(event.wait())


def test_wrong_way_get_event_loop():
    asyncio.run(asyncio.sleep(0))
    with pytest.raises(RuntimeError, match='There is no current event loop'):
        asyncio.get_event_loop()

    program = [sys.executable, '-W', 'ignore', '-c', 'import asyncio; asyncio.get_event_loop()']
    fails = subprocess.run(program, capture_output=True).returncode != 0
    assert fails == (sys.version_info >= (3, 14))


def test_right_way():
    connection = Connection()
    with asyncio.Runner() as runner:
        runner.run(connection.open())
        connection.loop.call_soon(connection.reply.set_result, 'done')
        assert runner.run(connection.read()) == 'done'
