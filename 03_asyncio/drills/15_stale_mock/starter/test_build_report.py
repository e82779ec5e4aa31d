"""A mock that is shared by all tests. They reach every line of report(), and pass in any order.

So a test may find the calls of another test. Change the tests so that each has a mock of its own;
then you can also ask which mails have not been sent.
The file to edit is 03_asyncio/my_work/15_stale_mock/test_build_report.py.
"""

import unittest
from unittest import mock

from build_report import TEAM, report

send_mail = mock.AsyncMock()


@mock.patch('build_report.send_mail', new=send_mail)
class TestReport(unittest.IsolatedAsyncioTestCase):
    def tearDown(self):
        send_mail.side_effect = None  # or the next test would fail

    async def test_failure(self):
        await report('login', 'ada', passed=False, passed_before=True)
        send_mail.assert_awaited_with('ada', 'login fails')

    async def test_failure_of_main(self):
        await report('main', 'ada', passed=False, passed_before=True)
        send_mail.assert_any_call(TEAM, 'main fails')

    async def test_mail_to_the_author_cannot_be_sent(self):
        send_mail.side_effect = [OSError, None]
        await report('main', 'ada', passed=False, passed_before=True)
        send_mail.assert_any_call(TEAM, 'main fails')

    async def test_passes_again(self):
        await report('login', 'ada', passed=True, passed_before=False)
        send_mail.assert_called()

    async def test_still_passes(self):
        await report('search', 'bob', passed=True, passed_before=True)
        self.assertNotIn(mock.call('bob', 'search fails'), send_mail.mock_calls)
