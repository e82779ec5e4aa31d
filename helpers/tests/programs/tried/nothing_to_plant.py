"""A module with what is like a bug to plant, and is none.

Each would crash, hang, be no bug, or be where one cannot note that it is reached.
"""

import asyncio


class Client:
    """Has methods with names of asyncio's functions."""

    def shield(self, task):
        """Return the task."""
        return task

    def timeout(self, seconds):
        """Return the seconds."""
        return seconds


async def fetch(client, event, queue):
    """Assign and return what is awaited: without the await, that would crash."""
    page = await client.get()
    task = asyncio.create_task(client.get())
    event.set()
    queue.task_done()
    if await client.is_ready():
        client.shield(task)
        client.timeout(3)
    await asyncio.sleep(0)
    result = await asyncio.wait_for(task, None)
    results = await asyncio.gather(task)
    async for line in client:
        page += line
    async with client.lock:
        client.count += 1
    return await client.post(page, result, results)


def read(path):
    """Have a finally, and an except that raises again, where nothing is asynchronous."""
    try:
        return path.read_text()
    except OSError:
        path.touch()
        raise
    finally:
        path.unlink()


async def retry(client):
    """Leave a loop in any case; raise again in a handler, if only sometimes."""
    while client.name:
        try:
            page = await client.get()
        except Exception:
            if client.is_strict:
                raise
            page = ''
        return page
    return None


async def fetch_later(client, task):
    """Have what may not run, although the line in front of it does."""
    client.add_callback(lambda: asyncio.wait_for(task, 3))
    if client.is_late: await asyncio.wait_for(task, 3)  # fmt: skip # noqa: E701
    if client.name:
        page = await client.get()
    elif await asyncio.shield(task):
        page = ''
    return page
