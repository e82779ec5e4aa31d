"""Where does it hang?

While a task waits, faulthandler shows only the event loop. Put an `asyncio.timeout` in the task:
its TimeoutError names the line. From Python 3.14 on, `python -m asyncio pstree PID` names the line
of every task from outside, if you have the permission. If a task blocks or spins instead, use
`pytest -o faulthandler_timeout=5`. Under freezegun no timeout fires: pass `real_asyncio=True` to
`freeze_time`.
"""

import asyncio
import faulthandler
import os
import subprocess
import sys
import traceback

import pytest


async def wait_for_reply():
    async with asyncio.timeout(0.01):
        await asyncio.Event().wait()  # the reply never comes


async def report_while_waiting(report):
    asyncio.get_running_loop().call_soon(report)
    await wait_for_reply()


def dump_threads():
    faulthandler.dump_traceback(file=2)  # 2 is standard error


def print_task_tree():
    pstree = [sys.executable, '-X', 'utf8', '-m', 'asyncio', 'pstree', str(os.getpid())]
    subprocess.run(pstree, stdin=subprocess.DEVNULL)


def test_wrong_way(capfd):
    with pytest.raises(TimeoutError):
        asyncio.run(report_while_waiting(dump_threads))
    printed = capfd.readouterr().err
    assert 'run_forever' in printed
    assert 'wait_for_reply' not in printed


def test_right_way():
    with pytest.raises(TimeoutError) as raised:
        asyncio.run(wait_for_reply())
    assert 'await asyncio.Event().wait()' in ''.join(traceback.format_exception(raised.value))


def test_right_way_from_outside(capfd):
    with pytest.raises(TimeoutError):
        asyncio.run(report_while_waiting(print_task_tree))
    printed = ' '.join(capfd.readouterr())
    works = 'wait_for_reply' in printed or 'insufficient permissions' in printed
    assert works == (sys.version_info >= (3, 14))
