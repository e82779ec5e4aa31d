"""What did my test leave behind?

A task that still runs at the end is cancelled without a word; an exception that nobody awaits is
logged ("Task exception was never retrieved") only when no variable holds its task any more. So let
a pytest-asyncio fixture or `enterAsyncContext` enter nothing_left_behind(), around the whole test.
"""

import asyncio
import contextlib

import pytest


@contextlib.asynccontextmanager
async def nothing_left_behind():
    lost, before, loop = [], asyncio.all_tasks(), asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: lost.append(context))
    yield
    loop.set_exception_handler(None)
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert (lost, left) == ([], set()), (lost, left)


async def forget(coro, check=contextlib.nullcontext):
    async with check():
        await asyncio.wait([asyncio.create_task(coro)], timeout=0.01)


def test_wrong_way_passes_falsely():
    asyncio.run(forget(asyncio.sleep(3600)))
    asyncio.run(forget(asyncio.sleep('no number')))


def test_right_way():
    asyncio.run(forget(asyncio.sleep(0), nothing_left_behind))
    with pytest.raises(AssertionError, match='Task pending'):
        asyncio.run(forget(asyncio.sleep(3600), nothing_left_behind))
    with pytest.raises(AssertionError, match='TypeError'):
        asyncio.run(forget(asyncio.sleep('no number'), nothing_left_behind))
