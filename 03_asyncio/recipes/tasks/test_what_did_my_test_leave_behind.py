"""What did my test leave behind?

A task that is still running at the end is cancelled silently. An exception that nobody awaits is
only logged ("Task exception was never retrieved"), and only once no variable refers to its task.
Wrap the whole test in nothing_left_behind(), with a pytest-asyncio fixture or enterAsyncContext.
"""

import asyncio
import contextlib

import pytest


@contextlib.asynccontextmanager
async def nothing_left_behind():
    loop = asyncio.get_running_loop()
    tasks_before = asyncio.all_tasks()
    lost_errors = []

    def record(_loop, context):
        lost_errors.append(context)

    previous = loop.get_exception_handler()
    loop.set_exception_handler(record)
    try:
        yield
    finally:
        loop.set_exception_handler(previous)
    new_tasks = asyncio.all_tasks() - tasks_before - {asyncio.current_task()}
    assert not any([new_tasks, lost_errors]), [new_tasks, lost_errors]


async def succeed(): ...


async def fail():
    raise ConnectionError


async def start_in_background(coro):
    asyncio.create_task(coro)
    await asyncio.sleep(0)  # the task runs until it waits, fails or ends


async def start_and_check(coro):
    async with nothing_left_behind():
        await start_in_background(coro)


def test_wrong_way_passes_falsely():
    asyncio.run(start_in_background(asyncio.sleep(3600)))
    asyncio.run(start_in_background(fail()))


def test_right_way():
    asyncio.run(start_and_check(succeed()))
    with pytest.raises(AssertionError, match='Task pending'):
        asyncio.run(start_and_check(asyncio.sleep(3600)))
    with pytest.raises(AssertionError, match='Task exception was never retrieved'):
        asyncio.run(start_and_check(fail()))
