"""How do I log in a user in a FastAPI test, and only for that test?

Override the dependency that finds the user, and no token is needed. An override stays until it is
removed, so the next test is logged in as well: set it with `monkeypatch.setitem`, which removes it.
`require('admin')` makes a new function each time, so an override of it is never used ("Not
authenticated"): override what it depends on.
Needs: `fastapi` (its TestClient needs httpx2, or httpx).
"""

from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from fastapi.testclient import TestClient

app = FastAPI()
tokens = OAuth2PasswordBearer(tokenUrl='/login')


async def get_current_user(token: Annotated[str, Depends(tokens)]):
    raise HTTPException(401, f'unknown token {token}')


def require(role):
    async def check(user: Annotated[dict, Depends(get_current_user)]):
        if user['role'] != role:
            raise HTTPException(403)
        return user

    return check


@app.get('/users')
async def list_users(user: Annotated[dict, Depends(require('admin'))]):
    return [user['name']]


async def get_admin():
    return {'name': 'Ada', 'role': 'admin'}


async def get_guest():
    return {'name': 'Bob', 'role': 'guest'}


@pytest.fixture
def client():
    yield TestClient(app)
    app.dependency_overrides.clear()  # only for the wrong ways


def test_wrong_way(client):
    app.dependency_overrides[get_current_user] = get_admin
    assert client.get('/users').json() == ['Ada']
    # The next test, which expects 401 without a token, or with an unknown one:
    assert client.get('/users').status_code == 200


def test_wrong_way_with_a_new_function(client):
    app.dependency_overrides[require('admin')] = get_admin
    response = client.get('/users')
    assert response.status_code == 401
    assert response.json() == {'detail': 'Not authenticated'}


def test_right_way(client, monkeypatch):
    monkeypatch.setitem(app.dependency_overrides, get_current_user, get_admin)
    assert client.get('/users').json() == ['Ada']


def test_right_way_for_those_who_may_not(client, monkeypatch):
    assert client.get('/users', headers={'Authorization': 'Bearer x'}).status_code == 401
    monkeypatch.setitem(app.dependency_overrides, get_current_user, get_guest)
    assert client.get('/users').status_code == 403
