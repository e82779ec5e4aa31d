"""How do I start a real server, uvicorn, in a fixture?

`uvicorn.run` blocks, and starts a loop of its own, which an async test already has. Serve in a
thread: then the app has its own loop, as in production, and sync tests and browsers can use it,
too. Open the socket in the fixture: port 0 is a free port, so that tests may run in parallel, and
it queues requests until the server takes them, so that nobody need wait for the start. Needs:
`fastapi`, `httpx`, `pytest_asyncio`, `uvicorn`.
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


@pytest.mark.filterwarnings('ignore:coroutine .* was never awaited')
@pytest.mark.asyncio
async def test_wrong_way():
    with pytest.raises(RuntimeError, match='cannot be called from a running event loop'):
        uvicorn.run(app, log_config=None)


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
