"""Why does FastAPI's TestClient ask for httpx2?

httpx is no longer maintained; httpx2 continues it. From Starlette 1.2 on, TestClient is built on
it: add httpx2 to the packages of your tests. Your app may stay with httpx. The responses and
exceptions of TestClient are then those of httpx2: `pytest.raises(httpx.HTTPStatusError)` misses
them. Needs: `fastapi`, `httpx`, `httpx2`, `starlette`.
"""

import importlib.util
import sys
import unittest
from unittest import mock

import httpx
import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import StarletteDeprecationWarning

app = FastAPI()


def import_testclient_again():
    spec = importlib.util.find_spec('starlette.testclient')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


class TestMissingPage(unittest.TestCase):
    def test_wrong_way(self):
        with mock.patch.dict(sys.modules, httpx2=None):  # as if it were not installed
            with self.assertWarnsRegex(
                StarletteDeprecationWarning,
                'Using `httpx` with `starlette.testclient` is deprecated; install `httpx2` instead',
            ):
                import_testclient_again()

    def test_wrong_way_without_httpx(self):
        with mock.patch.dict(sys.modules, httpx2=None, httpx=None):
            with self.assertRaisesRegex(
                RuntimeError, 'The starlette.testclient module requires the httpx2 package'
            ):
                import_testclient_again()

    def test_wrong_way_expects_an_error_of_httpx(self):
        response = TestClient(app).get('/no/such/page')
        self.assertNotIsInstance(response, httpx.Response)
        with self.assertRaises(httpx2.HTTPStatusError):
            with self.assertRaises(httpx.HTTPStatusError):  # lets it pass
                response.raise_for_status()

    def test_right_way(self):
        response = TestClient(app).get('/no/such/page')
        with self.assertRaisesRegex(httpx2.HTTPStatusError, '404 Not Found'):
            response.raise_for_status()
