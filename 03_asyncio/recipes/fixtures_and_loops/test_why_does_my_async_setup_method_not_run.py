"""Why does my async `setup_method` not run?

pytest calls setup_method, setup_class, setup_module and their teardowns, and drops the coroutine
that an `async def` returns; no plugin awaits it. Write an autouse fixture with
`@pytest_asyncio.fixture` instead: it runs for each test of its class, synchronous ones included,
and what follows its `yield` is the clean-up. For once per class, give it scope='class' and
loop_scope='class', and the tests the same loop_scope. Needs: `pytest_asyncio`.
"""

import pytest
import pytest_asyncio


class Account:
    @classmethod
    async def open(cls):
        account = cls()
        account.balance = 0
        return account

    async def pay_in(self, amount):
        self.balance += amount

    async def close(self):
        self.balance = None


@pytest.mark.filterwarnings('ignore:coroutine .* was never awaited')
class TestWrongWay:
    async def setup_method(self): ...  # "coroutine 'TestWrongWay.setup_method' was never awaited"

    @pytest.mark.asyncio
    async def test_wrong_way(self):
        with pytest.raises(AttributeError, match="object has no attribute 'account'"):
            await self.account.pay_in(100)


class TestRightWay:
    @pytest_asyncio.fixture(autouse=True)
    async def account(self):
        self.account = await Account.open()
        yield
        await self.account.close()

    @pytest.mark.asyncio
    async def test_right_way(self):
        await self.account.pay_in(100)
        assert self.account.balance == 100

    def test_right_way_in_a_synchronous_test(self):
        assert self.account.balance == 0
