"""Why does FastAPI's TestClient raise the exception, instead of a response with status 500?

TestClient raises what your app raises, so that a test shows the traceback: a handler for
`Exception` answers the request, and then the exception is raised again, for the server's log. With
`TestClient(app, raise_server_exceptions=False)` the test gets the response; with AsyncClient, use
`ASGITransport(app, raise_app_exceptions=False)`. A handler for an exception of your own needs
neither. Needs: `fastapi`, `httpx` (TestClient needs httpx2, too).
"""

import unittest

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient

app = FastAPI()


class OutOfTea(Exception):
    pass


@app.exception_handler(OutOfTea)
async def answer_503(request, error):
    return JSONResponse({'error': 'out of tea'}, status_code=503)


@app.exception_handler(Exception)
async def answer_500(request, error):
    return JSONResponse({'error': 'our fault'}, status_code=500)


@app.get('/tea')
async def brew_tea():
    raise OutOfTea


@app.get('/price')
async def compute_price():
    return 1 / 0


class TestErrors(unittest.IsolatedAsyncioTestCase):
    def test_wrong_way(self):
        with self.assertRaisesRegex(ZeroDivisionError, 'division'):
            TestClient(app).get('/price')

    def test_right_way(self):
        client = TestClient(app, raise_server_exceptions=False)
        response = client.get('/price')
        self.assertEqual(response.status_code, 500)
        self.assertEqual(response.json(), {'error': 'our fault'})

    async def test_right_way_with_asyncclient(self):
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url='http://test') as client:
            response = await client.get('/price')
        self.assertEqual(response.status_code, 500)
        self.assertEqual(response.json(), {'error': 'our fault'})

    def test_right_way_for_an_exception_of_your_own(self):
        response = TestClient(app).get('/tea')
        self.assertEqual(response.status_code, 503)
        self.assertEqual(response.json(), {'error': 'out of tea'})
