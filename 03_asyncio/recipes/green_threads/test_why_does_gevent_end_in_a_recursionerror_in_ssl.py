"""Why does gevent end in a RecursionError in ssl?

Something imported ssl before gevent's (or eventlet's) patch and keeps the unpatched SSLContext:
urllib3, requests, aiohttp, or a library or pytest plugin that imports one of them. gevent warns of
it when it patches; the error comes with the first TLS connection. Patch in the very first lines of
the program, before all other imports. For tests: `python -m gevent.monkey --module pytest`.
Needs: `gevent`, `urllib3`.
"""

import subprocess
import sys

# A program of its own, since a patch lasts as long as its process.
PATCHED_TOO_LATE = """
import urllib3
from gevent import monkey

monkey.patch_all()
urllib3.util.ssl_.create_urllib3_context()
"""

PATCHED_FIRST = """
from gevent import monkey

monkey.patch_all()
import urllib3

urllib3.util.ssl_.create_urllib3_context()
"""


def run(program, *options):
    command = [sys.executable, *options, '-c', program]
    return subprocess.run(command, capture_output=True, text=True)


def test_wrong_way():
    result = run(PATCHED_TOO_LATE, '-W', 'always')
    assert result.returncode == 1
    warning = 'MonkeyPatchWarning: Monkey-patching ssl after ssl has already been imported'
    assert warning in result.stderr
    assert 'may lead to errors, including RecursionError' in result.stderr
    assert 'RecursionError: maximum recursion depth exceeded' in result.stderr


def test_right_way():
    result = run(PATCHED_FIRST, '-W', 'error')
    assert result.stderr == ''
    assert result.returncode == 0
