"""Bring up the loopback of a new network namespace, then become the command that follows.

Such a namespace has no other interface, so the command has no network. Linux only.
"""

import fcntl
import os
import socket
import struct
import sys

SIOCSIFFLAGS = 0x8914
IFF_UP = 1

with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', IFF_UP))
os.execvp(sys.argv[1], sys.argv[1:])
