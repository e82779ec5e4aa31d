"""Why does eventlet say "do not call blocking functions from the mainloop"?

What waits (sleep, a lock, a socket, a database driver) was called where eventlet's hub itself runs,
which must never wait: in a callback of the hub, in a signal handler, or in a `__del__` or another
clean-up that the garbage collector runs. Let it start a green thread, with `eventlet.spawn_n`, and
do the waiting there.
Needs: `eventlet`.
"""

import subprocess
import sys

# A program of its own, since a patch lasts as long as its process.
WAITS_IN_THE_HUB = """
import eventlet

eventlet.monkey_patch()
import time

from eventlet import hubs


def save_log():
    time.sleep(0.01)
    print('saved')


hubs.get_hub().schedule_call_global(0, save_log)
eventlet.sleep(0.1)
"""

WAITS_IN_A_GREEN_THREAD = WAITS_IN_THE_HUB.replace(
    '(0, save_log)', '(0, eventlet.spawn_n, save_log)'
)


def run(program):
    command = [sys.executable, '-W', 'ignore', '-c', program]
    return subprocess.run(command, capture_output=True, text=True)


def test_wrong_way():
    result = run(WAITS_IN_THE_HUB)
    assert 'RuntimeError: do not call blocking functions from the mainloop' in result.stderr
    assert result.stdout == ''


def test_right_way():
    assert run(WAITS_IN_A_GREEN_THREAD).stdout == 'saved\n'
