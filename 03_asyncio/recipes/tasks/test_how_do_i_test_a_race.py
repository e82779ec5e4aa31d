"""How do I test a race condition, or a lock, across an `await`?

Tasks switch only where they really wait. A mock, and a fake that answers at once, never wait: the
tasks run one after the other, and the test passes without the lock. Let the fake give the others a
turn where the real one waits, after it has read and before it writes: `await asyncio.sleep(0)`.
Remove the lock once, and watch the test fail.
"""

import asyncio
import unittest


class InstantStore:
    balance = 100

    async def load(self):
        return self.balance

    async def save(self, balance):
        self.balance = balance


class Store(InstantStore):
    async def load(self):
        balance = await super().load()
        await asyncio.sleep(0)  # here the others get a turn, as with a real database
        return balance


class UnsafeAccount:
    def __init__(self, store):
        self.store = store

    async def deposit(self, amount):
        balance = await self.store.load()
        await self.store.save(balance + amount)


class Account(UnsafeAccount):
    def __init__(self, store):
        super().__init__(store)
        self.lock = asyncio.Lock()

    async def deposit(self, amount):
        async with self.lock:
            await super().deposit(amount)


class TestAccount(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        store = InstantStore()
        account = UnsafeAccount(store)
        await asyncio.gather(account.deposit(10), account.deposit(20))
        self.assertEqual(store.balance, 130)

    async def test_right_way_sees_the_lost_update(self):
        store = Store()
        account = UnsafeAccount(store)
        await asyncio.gather(account.deposit(10), account.deposit(20))
        self.assertEqual(store.balance, 120)  # both have read 100

    async def test_right_way(self):
        store = Store()
        account = Account(store)
        await asyncio.gather(account.deposit(10), account.deposit(20))
        self.assertEqual(store.balance, 130)
