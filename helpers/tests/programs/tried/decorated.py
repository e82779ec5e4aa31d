"""A decorated function and class, with a bug to plant in what is run when they are defined."""

import asyncio
import functools


def limited(function, limit):
    """Give a function a limit."""
    return functools.partial(function, limit)


@functools.partial(limited, limit=asyncio.timeout(3))
@functools.cache
def wait(limit):
    """Return the limit."""
    return limit


@functools.partial(functools.partial, asyncio.timeout(3))
class Worker:
    """Takes a limit."""
