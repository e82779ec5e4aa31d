"""The acceptance test: the real server, a real client, real sockets, and nothing mocked."""

import unittest

import server
from helpers.acceptance import check_service, command, running


class TestServer(unittest.TestCase):
    def test_service(self):
        with running(*command(server.__file__)) as port:
            check_service(self, port)
