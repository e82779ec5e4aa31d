"""A call is counted when it is made, an await when it begins: these tests ask about awaits."""

import unittest
from unittest import mock

from address_change import AddressChange

OLD = 'ada@old.example'
NEW = 'ada@new.example'


class TestApply(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.users = mock.AsyncMock()
        self.users.get_address.return_value = OLD
        self.mailer = mock.AsyncMock()
        self.audit = mock.AsyncMock()
        self.change = AddressChange(self.users, self.mailer, self.audit)

    async def test_same_address_changes_nothing(self):
        await self.change.apply('ada', OLD)
        self.users.get_address.assert_awaited_once_with('ada')
        self.users.set_address.assert_not_awaited()
        self.mailer.send.assert_not_awaited()

    async def test_new_address_is_stored(self):
        await self.change.apply('ada', NEW)
        self.users.set_address.assert_awaited_once_with('ada', NEW)

    async def test_both_addresses_get_a_mail(self):
        await self.change.apply('ada', NEW)
        # Not assert_awaited_with: that looks only at the last await.
        mails = [
            mock.call(OLD, f'Your new address is {NEW}.'),
            mock.call(NEW, 'This is your new address.'),
        ]
        self.assertEqual(self.mailer.send.await_args_list, mails)

    async def test_nobody_gets_a_mail_if_storing_fails(self):
        self.users.set_address.side_effect = OSError
        with self.assertRaises(OSError):
            await self.change.apply('ada', NEW)
        self.mailer.send.assert_not_awaited()

    async def test_change_is_written_to_the_audit_log(self):
        await self.change.apply('ada', NEW)
        self.audit.write.assert_awaited_once_with('ada', NEW)

    async def test_failing_audit_log_is_ignored(self):
        self.audit.write.side_effect = OSError
        await self.change.apply('ada', NEW)
        # Without this line, the test would pass if the log were never written.
        self.audit.write.assert_awaited_once()
