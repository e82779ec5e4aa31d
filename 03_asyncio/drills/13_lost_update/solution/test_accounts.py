"""Tests of accounts that are changed by several tasks: the store lets the others go first."""

import asyncio
import unittest

from accounts import Accounts


class Store:
    """Keeps balances in memory, and gives every other task a turn before it answers."""

    def __init__(self):
        self.balances = {'ada': 100, 'bob': 50}

    async def get(self, name):
        balance = self.balances[name]
        await asyncio.sleep(0)
        return balance

    async def set(self, name, balance):
        await asyncio.sleep(0)
        self.balances[name] = balance


class BrokenStore(Store):
    """Refuses to store anything."""

    async def set(self, name, balance):
        raise OSError('disk full')


class TestAccounts(unittest.IsolatedAsyncioTestCase):
    async def test_deposit_stores_and_returns_the_new_balance(self):
        store = Store()
        self.assertEqual(await Accounts(store).deposit('ada', 10), 110)
        self.assertEqual(store.balances, {'ada': 110, 'bob': 50})

    async def test_two_deposits_at_once_are_both_kept(self):
        store = Store()
        accounts = Accounts(store)
        await asyncio.gather(accounts.deposit('ada', 10), accounts.deposit('ada', 20))
        self.assertEqual(store.balances['ada'], 130)

    async def test_a_failing_deposit_does_not_keep_the_lock(self):
        accounts = Accounts(BrokenStore())
        with self.assertRaises(OSError):
            await accounts.deposit('ada', 10)
        self.assertFalse(accounts.lock.locked())
