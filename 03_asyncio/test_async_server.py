"""The acceptance test: the real server, a real client, real sockets, and nothing mocked."""

import unittest

import async_server
from helpers.acceptance import check_service, command, running


class TestAsyncServer(unittest.TestCase):
    def test_service(self):
        with running(*command(async_server.__file__)) as port:
            check_service(self, port)
