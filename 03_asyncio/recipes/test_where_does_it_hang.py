"""Where does it hang?

If a task waits, faulthandler shows only the event loop. The TimeoutError of an `asyncio.timeout` in
that task names the line; from outside, `python -m asyncio pstree PID` names it for every task (from
Python 3.14 on, if you may look). If one blocks or spins, see `pytest -o faulthandler_timeout=5`.
"""

import asyncio
import faulthandler
import os
import sys
import traceback
from subprocess import DEVNULL, run

import pytest


async def deadlock(look):
    asyncio.get_running_loop().call_soon(look)
    async with asyncio.timeout(0.01):
        await asyncio.Event().wait()


def test_wrong_way(capfd):
    pytest.raises(TimeoutError, asyncio.run, deadlock(lambda: faulthandler.dump_traceback(2)))
    shown = capfd.readouterr().err
    assert ('run_forever' in shown, 'deadlock' in shown) == (True, False)


def test_right_way():
    error = pytest.raises(TimeoutError, asyncio.run, deadlock(print)).value
    assert 'await asyncio.Event().wait()' in ''.join(traceback.format_exception(error))


def test_right_way_from_outside(capfd):
    pstree = [sys.executable, '-X', 'utf8', '-m', 'asyncio', 'pstree', str(os.getpid())]
    pytest.raises(TimeoutError, asyncio.run, deadlock(lambda: run(pstree, stdin=DEVNULL)))
    shown = ' '.join(capfd.readouterr())
    works = 'deadlock' in shown or 'insufficient permissions' in shown
    assert works == (sys.version_info >= (3, 14))
