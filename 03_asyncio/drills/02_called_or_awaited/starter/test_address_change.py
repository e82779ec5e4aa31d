"""Called or awaited? These tests reach every line of address_change.py, and pass.

They also pass if no address is ever stored and no mail is ever sent. Change them until they notice.
The file to edit is 03_asyncio/my_work/02_called_or_awaited/test_address_change.py.
"""

import unittest
from unittest import mock

from address_change import AddressChange


class TestApply(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.users = mock.AsyncMock()
        self.users.get_address.return_value = 'ada@old.example'
        self.mailer = mock.AsyncMock()
        self.audit = mock.AsyncMock()
        self.change = AddressChange(self.users, self.mailer, self.audit)

    async def test_stores_the_address(self):
        await self.change.apply('ada', 'ada@new.example')
        self.users.set_address.assert_called_once_with('ada', 'ada@new.example')

    async def test_mails_both_addresses(self):
        await self.change.apply('ada', 'ada@new.example')
        self.assertEqual(self.mailer.send.call_count, 2)
        self.mailer.send.assert_called_with('ada@new.example', 'This is your new address.')

    async def test_survives_a_failing_audit_log(self):
        self.audit.write.side_effect = OSError
        await self.change.apply('ada', 'ada@new.example')
        self.audit.write.assert_called_once()

    async def test_ignores_the_same_address(self):
        await self.change.apply('ada', 'ada@old.example')
        self.users.set_address.assert_not_called()
