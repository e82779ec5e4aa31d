"""The acceptance test: the real server, a real client, real sockets, and nothing mocked."""

import unittest

import async_server
from helpers.service.acceptance import check_service, run_server, server_argv


class TestAsyncServer(unittest.TestCase):
    def test_service(self):
        with run_server(*server_argv(async_server.__file__)) as port:
            check_service(self, port)
