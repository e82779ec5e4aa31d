"""Why is my async fixture an async generator, or a coroutine?

`@pytest.fixture` does not run an `async def` fixture: pytest 9 refuses the test, older versions
hand over the async generator or the coroutine itself. Use `@pytest_asyncio.fixture`, or set
asyncio_mode = "auto", with which `@pytest.fixture` will do. (In strict mode, the default,
pytest-asyncio takes only what is marked for it.) Synchronous tests can use such a fixture, too.
Needs: `pytest_asyncio`.
"""

import pytest
import pytest_asyncio


class Users:
    @classmethod
    async def connect(cls):
        users = cls()
        users.names = {1: 'Ann'}
        return users

    async def get(self, number):
        return self.names[number]

    async def close(self):
        self.names = None


@pytest.fixture
async def plain(): ...


@pytest.mark.xfail(raises=pytest.fail.Exception, strict=True, reason='use pytest_asyncio.fixture')
@pytest.mark.asyncio
async def test_wrong_way_plain_fixture(plain): ...


async def connected_users():
    users = await Users.connect()
    yield users
    await users.close()


@pytest.mark.asyncio
async def test_wrong_way_as_pytest_8_shows_it():
    users = connected_users()  # what a plain fixture handed over
    with pytest.raises(AttributeError, match="'async_generator' object has no attribute 'get'"):
        await users.get(1)

    users = Users.connect()  # the same without `yield`
    with pytest.raises(AttributeError, match="'coroutine' object has no attribute 'get'"):
        await users.get(1)
    users.close()


users = pytest_asyncio.fixture(connected_users)  # or @pytest_asyncio.fixture above `async def`


@pytest.mark.asyncio
async def test_right_way(users):
    assert await users.get(1) == 'Ann'
