"""Stage 2: patch the standard library, then run stage 1's server, or another module, as it is."""

import _thread
import argparse
import contextlib
import io
import runpy
import signal
import sys
from pathlib import Path

FRAMEWORKS = ['gevent', 'eventlet']


def patch(framework: str) -> None:
    """Make blocking calls switch green threads.

    Exit if `receive` is already imported, or the framework is not installed.
    """
    if 'receive' in sys.modules:
        sys.exit('too late: receive was imported before the patch')
    try:
        if framework == 'gevent':
            from gevent import monkey

            monkey.patch_all()
        else:
            import eventlet

            eventlet.monkey_patch()
    except ModuleNotFoundError:
        sys.exit(f'{framework} is not installed: python -m pip install {framework}')


def interrupt_main_on_ctrl_c() -> None:
    """Let Ctrl-C raise KeyboardInterrupt in the main green thread, even while another one runs."""
    from greenlet import getcurrent

    main = getcurrent()

    def interrupt_main(*_: object) -> None:
        # patched: this starts a green thread
        _thread.start_new_thread(main.throw, (KeyboardInterrupt,))

    signal.signal(signal.SIGINT, interrupt_main)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('framework', choices=FRAMEWORKS)
    parser.add_argument(
        'arguments',
        nargs=argparse.REMAINDER,
        help='options of server.py, or -m MODULE and its own options',
    )
    given = parser.parse_args()
    if given.arguments[:1] != ['-m']:
        module, arguments = 'server', given.arguments
    elif len(given.arguments) > 1:
        module, arguments = given.arguments[1], given.arguments[2:]
    else:
        parser.error('-m needs the name of a module')

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # during eventlet's patch Ctrl-C would be lost
    with contextlib.redirect_stderr(io.StringIO()):  # eventlet's warnings: see the lesson
        patch(given.framework)
    interrupt_main_on_ctrl_c()

    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / '01_sync'))
    sys.argv = [f'{parser.prog} {given.framework}', *arguments]
    runpy.run_module(module, run_name='__main__')
