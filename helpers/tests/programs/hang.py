"""Hang in an await, and end the process if nothing stops that."""

import asyncio
import os
import threading

STATUS = 70  # of the process; pytest itself ends with 0 to 5
SECONDS = 0.3


async def hang() -> None:
    """Wait for an event that is never set; unless cancelled, end the process with STATUS."""
    timer = threading.Timer(SECONDS, os._exit, [STATUS])
    timer.start()
    try:
        await asyncio.Event().wait()
    finally:
        timer.cancel()  # so that nothing that happens afterwards, however slow, counts as a hang
