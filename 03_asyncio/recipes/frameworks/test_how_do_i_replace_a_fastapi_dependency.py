"""How do I replace a FastAPI dependency with a mock?

FastAPI reads the signature of an override. A mock's is `(*args, **kwargs)`, so every request now
needs two query parameters, and is answered with 422. Patching the dependency has no effect: the
route keeps the function that it was made with. Put a function without parameters into
`app.dependency_overrides`, under the function that stands in `Depends`, and let it return the mock.
Needs: `fastapi` (its TestClient needs httpx2, or httpx).
"""

import unittest
from typing import Annotated
from unittest import mock

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


class Users:
    async def find(self, user_id):
        return {'id': user_id, 'name': 'from the real database'}


async def get_users():
    return Users()


@app.get('/users/{user_id}')
async def read_user(user_id: int, users: Annotated[Users, Depends(get_users)]):
    return await users.find(user_id)


class TestReadUser(unittest.TestCase):
    def setUp(self):
        self.client = TestClient(app)
        self.addCleanup(app.dependency_overrides.clear)

    def test_wrong_way(self):
        app.dependency_overrides[get_users] = mock.AsyncMock()
        response = self.client.get('/users/1')
        self.assertEqual(response.status_code, 422)
        missing = response.json()['detail']
        self.assertEqual(
            [error['loc'] for error in missing], [['query', 'args'], ['query', 'kwargs']]
        )
        self.assertEqual(missing[0]['msg'], 'Field required')

    def test_wrong_way_patches_the_dependency(self):
        with mock.patch(f'{__name__}.get_users', return_value=mock.AsyncMock()):
            response = self.client.get('/users/1')
        self.assertEqual(response.json()['name'], 'from the real database')

    def test_right_way(self):
        users = mock.create_autospec(Users, instance=True)
        users.find.return_value = {'id': 1, 'name': 'Ada'}

        def get_mock():
            return users

        app.dependency_overrides[get_users] = get_mock
        response = self.client.get('/users/1')
        self.assertEqual(response.json(), {'id': 1, 'name': 'Ada'})
        users.find.assert_awaited_once_with(1)
