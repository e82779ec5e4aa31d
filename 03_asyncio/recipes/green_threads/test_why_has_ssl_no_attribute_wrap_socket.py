"""Why does eventlet say "module 'ssl' has no attribute 'wrap_socket'"?

Python 3.12 removed `ssl.wrap_socket`, which eventlet up to 0.33 uses when it is imported. Install
eventlet 0.34.1 or later, and think of leaving it: it is deprecated, and says so when imported.
Where the traceback ends in other code, replace the call by `wrap_socket` of an SSLContext, which
also checks the server's certificate.
Needs: `eventlet`.
"""

import socket
import ssl
import subprocess
import sys
import unittest
import warnings

# A program of its own, since a patch lasts as long as its process.
PATCHED = """
import eventlet

eventlet.monkey_patch()
"""


def secure_without_a_context(connection):
    return ssl.wrap_socket(connection)


def secure(connection, hostname):
    context = ssl.create_default_context()
    return context.wrap_socket(connection, server_hostname=hostname)


class TestSecure(unittest.TestCase):
    def setUp(self):
        self.connection = socket.socket()
        self.addCleanup(self.connection.close)

    def test_wrong_way(self):
        # From Python 3.12 on: module 'ssl' has no attribute 'wrap_socket'
        # On Python 3.11: ssl.wrap_socket() is deprecated, use SSLContext.wrap_socket()
        with warnings.catch_warnings():
            warnings.simplefilter('error')
            with self.assertRaisesRegex((AttributeError, DeprecationWarning), 'wrap_socket'):
                secure_without_a_context(self.connection)

    def test_right_way(self):
        with secure(self.connection, 'example.org') as secured:
            self.assertEqual(secured.context.verify_mode, ssl.CERT_REQUIRED)

    def test_right_way_with_a_new_eventlet(self):
        command = [sys.executable, '-c', PATCHED]
        result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0)
        self.assertIn('EventletDeprecationWarning', result.stderr)
