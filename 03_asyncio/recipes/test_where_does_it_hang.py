"""Where does it hang?

faulthandler, and each time limit that uses it, shows where the thread is: in the event loop.
`asyncio.timeout` cancels the task where it waits, so its TimeoutError names that line. From outside
`python -m asyncio pstree PID` (Python 3.14) names it for every task, if the system lets you look.
"""

import asyncio
import faulthandler
import os
import subprocess
import sys
import traceback

import pytest


async def deadlock(look, *arguments):
    asyncio.get_running_loop().call_soon(look, *arguments)
    async with asyncio.timeout(0.01):
        await asyncio.Event().wait()


def test_wrong_way(capfd):
    pytest.raises(TimeoutError, asyncio.run, deadlock(faulthandler.dump_traceback, 2))
    assert 'deadlock' not in capfd.readouterr().err


def test_right_way():
    error = pytest.raises(TimeoutError, asyncio.run, deadlock(print)).value
    assert 'await asyncio.Event().wait()' in ''.join(traceback.format_exception(error))


def test_right_way_from_outside(capfd):
    pstree = [sys.executable, '-m', 'asyncio', 'pstree', str(os.getpid())]
    pytest.raises(TimeoutError, asyncio.run, deadlock(subprocess.run, pstree))
    shown = ' '.join(capfd.readouterr())
    works = 'deadlock' in shown or 'insufficient permissions' in shown
    assert works == (sys.version_info >= (3, 14))
