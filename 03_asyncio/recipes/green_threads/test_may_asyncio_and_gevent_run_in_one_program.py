"""May asyncio and gevent run in one program?

One `asyncio.run` at a time works under gevent's patch: while it waits, the other greenlets run. But
asyncio knows one running loop per OS thread, and all greenlets share one, so a second greenlet that
calls `asyncio.run` meanwhile fails. Give each loop a real thread, from gevent's threadpool, or make
one loop for all in such a thread. (eventlet has a hub for asyncio: EVENTLET_HUB=asyncio.) On
Windows, the loop waits in a way that gevent does not patch, and blocks all greenlets meanwhile.
Needs: `gevent`.
"""

import subprocess
import sys

import pytest

# A program of its own, since a patch lasts as long as its process.
IN_GREENLETS = """
from gevent import monkey

monkey.patch_all()
import asyncio

import gevent


async def fetch(number):
    await asyncio.sleep(0.05)
    return number


def fetch_and_wait(number):
    return asyncio.run(fetch(number))


greenlets = [gevent.spawn(fetch_and_wait, number) for number in (1, 2)]
print([greenlet.get() for greenlet in greenlets])
"""

IN_THREADS = IN_GREENLETS.replace('gevent.spawn(', 'gevent.get_hub().threadpool.spawn(')


def run(program):
    command = [sys.executable, '-c', program]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.skipif(sys.platform == 'win32', reason='there, one loop runs after the other')
def test_wrong_way():
    result = run(IN_GREENLETS)
    assert result.returncode == 1
    message = 'RuntimeError: asyncio.run() cannot be called from a running event loop'
    assert message in result.stderr


def test_right_way():
    result = run(IN_THREADS)
    assert result.stderr == ''
    assert result.stdout == '[1, 2]\n'
