"""Send this process a Ctrl-C while _run waits, then use _run again; print how both ended."""

import asyncio
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from helpers import _run


async def interrupted() -> None:
    """Raise the signal, as Ctrl-C does, and wait."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores Ctrl-C
    asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
    await asyncio.sleep(99)


try:
    _run(interrupted())
except KeyboardInterrupt:
    print('KeyboardInterrupt')
print(_run(asyncio.sleep(0, 'usable')))
