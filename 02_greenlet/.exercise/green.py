"""Exercise 2: make stage 1 truly green.

`python 02_greenlet/my_work/green.py gevent` starts stage 1's server, on green threads as it seems.
It answers, stage 1's own tests pass with it, and yet it is not green: there are three mistakes in
this file. Save, and run `nox -s 02_exercise`: it says what still blocks, and the one next step.
"""

import _thread
import contextlib
import io
import runpy
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / '01_sync'))

import server


def patch(framework):
    """Make blocking calls switch green threads."""
    if framework == 'gevent':
        from gevent import monkey

        monkey.patch_socket()
    else:
        import eventlet

        eventlet.monkey_patch


def ctrl_c():
    """Let Ctrl-C end the main green thread, whichever one is running. (This function is right.)"""
    from greenlet import getcurrent

    tell_main = getcurrent().throw, (KeyboardInterrupt,)
    signal.signal(signal.SIGINT, lambda *_: _thread.start_new_thread(*tell_main))


if __name__ == '__main__':
    framework, *arguments = sys.argv[1:] or ['gevent']
    with contextlib.redirect_stderr(io.StringIO()):  # eventlet has remarks: lesson 2 repeats them
        patch(framework)
    ctrl_c()
    if arguments[:1] == ['-m']:
        module, *sys.argv[1:] = arguments[1:]
        runpy.run_module(module, run_name='__main__')
    else:
        sys.argv[1:] = arguments
        server.serving.main(server.serve)
