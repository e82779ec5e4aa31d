"""Use a thread in _run, fork, use _run in the child, then in the parent: fork_run.py WHAT END."""

import asyncio
import logging
import os
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from helpers import _run


async def get_loop() -> asyncio.AbstractEventLoop:
    """Return the running loop."""
    return asyncio.get_running_loop()


what, end = sys.argv[1:]
logging.getLogger('asyncio').setLevel(logging.ERROR)  # python -X dev reports a slow machine
if what != 'before the first call':
    _run(asyncio.to_thread(time.sleep, 0))
    loop = _run(get_loop())
warnings.simplefilter('ignore', DeprecationWarning)  # Python warns of a fork beside threads
pid = os.fork()
if pid == 0:
    if what == 'a coroutine':
        print(_run(asyncio.sleep(0, 'child')), flush=True)
    elif what == 'a thread':
        print(_run(asyncio.to_thread(str, 'child')), flush=True)
    elif what == 'a fork of its own':
        grandchild = os.fork()
        if grandchild == 0:
            print(_run(asyncio.to_thread(str, 'grandchild')), flush=True)
        else:
            os.waitpid(grandchild, 0)
            print(_run(asyncio.to_thread(str, 'child')), flush=True)
    if end == 'os._exit':  # as multiprocessing and pytest-forked do
        os._exit(0)
    sys.exit()
os.waitpid(pid, 0)
print(_run(asyncio.to_thread(time.sleep, 0.1)))  # long enough for the loop to wait
if what != 'before the first call':
    assert _run(get_loop()) is loop
