"""A lost update: these tests reach every line of accounts.py, and pass even without its lock.

They do one thing after the other. Make two tasks get into each other's way, without any sleep that
takes time. The file to edit is 03_asyncio/my_work/13_lost_update/test_accounts.py.
"""

import asyncio
import unittest

from accounts import Accounts


class Store:
    """Keeps balances in memory."""

    def __init__(self):
        self.balances = {'ada': 100, 'bob': 50}

    async def get(self, name):
        return self.balances[name]

    async def set(self, name, balance):
        self.balances[name] = balance


class TestAccounts(unittest.IsolatedAsyncioTestCase):
    async def test_deposit(self):
        accounts = Accounts(Store())
        self.assertEqual(await accounts.deposit('ada', 10), 110)

    async def test_two_deposits_at_once(self):
        store = Store()
        accounts = Accounts(store)
        await asyncio.gather(accounts.deposit('ada', 10), accounts.deposit('ada', 20))
        self.assertEqual(store.balances['ada'], 130)
