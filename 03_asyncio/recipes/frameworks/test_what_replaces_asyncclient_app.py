"""What replaces `AsyncClient(app=app)`?

httpx 0.28 removed the argument `app`: pass `transport=ASGITransport(app=app)`. A `base_url` is
needed as before; any host will do, as no request leaves the process. If TestClient raises the same
error, upgrade FastAPI or Starlette: old versions pass `app` on to httpx. (httpx2 works like httpx.)
Needs: `fastapi`, `httpx`, `pytest_asyncio`.
"""

import pytest
import pytest_asyncio
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

app = FastAPI()


@app.get('/')
async def read_root():
    return {'message': 'Hello'}


def test_wrong_way():
    with pytest.raises(TypeError, match=r"__init__\(\) got an unexpected keyword argument 'app'"):
        AsyncClient(app=app, base_url='http://test')


@pytest.mark.asyncio
async def test_wrong_way_without_base_url():
    async with AsyncClient(transport=ASGITransport(app=app)) as client:
        with pytest.raises(ValueError, match="unknown url type: '/'"):
            await client.get('/')


@pytest_asyncio.fixture
async def client():
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url='http://test') as client:
        yield client


@pytest.mark.asyncio
async def test_right_way(client):
    response = await client.get('/')
    assert response.status_code == 200
    assert response.json() == {'message': 'Hello'}
