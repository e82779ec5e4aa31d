"""Tests that leave a server running, in a session of its own."""

import subprocess
import sys

server = subprocess.Popen(
    [sys.executable, 'server.py'], stdout=subprocess.PIPE, start_new_session=True
)
server.stdout.readline()
