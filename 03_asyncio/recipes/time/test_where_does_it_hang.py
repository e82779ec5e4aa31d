"""Where does it hang?

While tasks wait, Ctrl-C, faulthandler and pytest-timeout show the event loop, and not the tasks.
Put an `asyncio.timeout` around the test: its TimeoutError names the line on which the test waits.
If that is a queue or an event, the culprit is another task: print the stack of each. From Python
3.14 on, `python -m asyncio pstree PID` shows them from outside. If nothing waits, but something
blocks or spins, use `pytest -o faulthandler_timeout=5`.
"""

import asyncio
import faulthandler
import traceback

import pytest


class Mailing:
    def __init__(self):
        self.queue = asyncio.Queue()
        self.connected = asyncio.Event()

    async def work(self):
        await self.connected.wait()  # nobody ever sets it

    async def send_all(self):
        self.task = asyncio.create_task(self.work())
        self.queue.put_nowait('hello')
        await self.queue.join()


async def send_all_or_report():
    try:
        async with asyncio.timeout(0.05):
            await Mailing().send_all()
    except TimeoutError:
        for task in asyncio.all_tasks():
            task.print_stack()
        raise


def dump_threads():
    faulthandler.dump_traceback(file=2)  # 2 is standard error


async def send_all_and_dump():
    asyncio.get_running_loop().call_later(0.01, dump_threads)
    await asyncio.wait_for(Mailing().send_all(), timeout=0.05)


def test_wrong_way(capfd):
    with pytest.raises(TimeoutError):
        asyncio.run(send_all_and_dump())
    printed = capfd.readouterr().err
    assert 'run_forever' in printed
    assert 'in send_all' not in printed


def test_right_way(capfd):
    with pytest.raises(TimeoutError) as raised:
        asyncio.run(send_all_or_report())
    traceback_of_the_test = ''.join(traceback.format_exception(raised.value))
    assert 'await self.queue.join()' in traceback_of_the_test
    stacks_of_all_tasks = capfd.readouterr().err
    assert 'await self.connected.wait()' in stacks_of_all_tasks
