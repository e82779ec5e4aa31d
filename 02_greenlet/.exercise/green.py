"""Exercise 2: make stage 1 truly green. The file to edit is 02_greenlet/my_work/green.py.

`python 02_greenlet/my_work/green.py gevent` starts stage 1's server, apparently on green threads.
It answers, and stage 1's own tests pass, but it is not green: this file has three mistakes.
Fix one, save, and run `nox -s 02_exercise`: it reports what still blocks, and your next step.
"""

import _thread
import contextlib
import io
import runpy
import signal
import sys
from pathlib import Path

KIT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(KIT / '02_greenlet'))  # where switching is
sys.path.insert(0, str(KIT / '01_sync'))  # where server is

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
    """Let Ctrl-C end the main green thread, even while another one is running.

    (This function is correct.)
    """
    from greenlet import getcurrent

    main = getcurrent()

    def interrupt_main(*_):
        _thread.start_new_thread(main.throw, (KeyboardInterrupt,))

    signal.signal(signal.SIGINT, interrupt_main)


if __name__ == '__main__':
    framework, *arguments = sys.argv[1:] or ['gevent']
    with contextlib.redirect_stderr(io.StringIO()):  # eventlet prints warnings: see lesson 2
        patch(framework)
    ctrl_c()
    if arguments[:1] == ['-m']:
        module = arguments[1]
        sys.argv[1:] = arguments[2:]
        runpy.run_module(module, run_name='__main__')
    else:
        sys.argv[1:] = arguments
        server.serving.main(server.serve)
