"""How do I start a real server, uvicorn, in a fixture?

Run `Server.run` in a thread: the app then has its own loop, as in production, and sync tests and
browsers can use it, too. (`uvicorn.run` cannot be stopped, and in an async test it raises
RuntimeError, as a loop is already running.) Open the socket in the fixture: port 0 is a free port,
so tests can run in parallel; and it queues requests until the server accepts them, so nothing needs
to wait for the start. Needs: `fastapi`, `httpx`, `pytest_asyncio`, `uvicorn`.
"""

import socket
import threading

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get('/prices/{name}')
async def read_price(name: str):
    return {'tea': 3}[name]


@pytest.mark.asyncio
async def test_wrong_way():
    with socket.create_server(('127.0.0.1', 0)) as closed_again:
        port = closed_again.getsockname()[1]
    async with httpx.AsyncClient(timeout=0.2) as client:
        # httpx.ConnectError: All connection attempts failed. On Windows a ConnectTimeout.
        with pytest.raises(httpx.TransportError):
            await client.get(f'http://127.0.0.1:{port}')  # before the server listens


def test_wrong_way_with_a_fixed_port(caplog):
    with socket.create_server(('127.0.0.1', 0)) as somebody_else:
        port = somebody_else.getsockname()[1]
        with pytest.raises(SystemExit):
            uvicorn.run(app, port=port, log_config=None)
    assert 'error while attempting to bind on address' in caplog.text  # address already in use


@pytest.fixture(scope='module')
def url():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={'sockets': [listener]})
        thread.start()
        yield f'http://127.0.0.1:{listener.getsockname()[1]}'
        server.should_exit = True
        thread.join()


def test_right_way(url):
    response = httpx.get(f'{url}/prices/tea')
    assert response.json() == 3


@pytest.mark.asyncio
async def test_right_way_in_an_async_test(url):
    async with httpx.AsyncClient(base_url=url) as client:
        response = await client.get('/prices/tea')
    assert response.json() == 3
