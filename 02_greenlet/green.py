"""Stage 2: patch the standard library, then run stage 1's server, or another module, as it is."""

import _thread
import argparse
import contextlib
import io
import pkgutil
import runpy
import signal
import sys
from pathlib import Path

PATCHES = {'gevent': 'gevent.monkey:patch_all', 'eventlet': 'eventlet:monkey_patch'}


def patch(framework: str) -> None:
    """Make blocking calls switch green threads; exit if that is missing or it is too late."""
    with contextlib.redirect_stderr(io.StringIO()):  # eventlet has remarks: the lesson repeats them
        try:
            patch_all = pkgutil.resolve_name(PATCHES[framework])
        except ModuleNotFoundError:
            sys.exit(f'{framework} is not installed: python -m pip install {framework}')
        if 'receive' in sys.modules:
            sys.exit('too late: receive was imported before the patch')
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # eventlet's patch would swallow Ctrl-C
        patch_all()
    # Ctrl-C is for the main thread, whichever is running: a new one tells it.
    tell_main = pkgutil.resolve_name('greenlet:getcurrent')().throw, (KeyboardInterrupt,)
    signal.signal(signal.SIGINT, lambda *_: _thread.start_new_thread(*tell_main))


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('framework', choices=PATCHES)
    parser.add_argument(
        'arguments', nargs='...', help='options of server.py, or -m MODULE and its own'
    )
    given = parser.parse_args()
    module, arguments = 'server', given.arguments
    if arguments[:1] == ['-m'] and arguments[1:]:
        module, arguments = arguments[1], arguments[2:]
    patch(given.framework)
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / '01_sync'))
    sys.argv = [f'{parser.prog} {given.framework}', *arguments]
    runpy.run_module(module, run_name='__main__')
