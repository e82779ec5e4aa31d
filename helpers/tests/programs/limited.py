"""Limit what the system allows this process, then become another: RLIMIT_NOFILE 60 COMMAND."""

import os
import resource
import sys

name, number, *command = sys.argv[1:]
resource.setrlimit(getattr(resource, name), (int(number), int(number)))
os.execv(command[0], command)
