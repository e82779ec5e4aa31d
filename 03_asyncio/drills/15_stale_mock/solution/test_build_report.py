"""Each test has a mock of its own, so it can say which mails were sent, and that no others were."""

import unittest
from unittest import mock

from build_report import TEAM, report


class TestReport(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        # Made for each test. Since send_mail is an `async def` function, it is an AsyncMock.
        self.send_mail = self.enterContext(mock.patch('build_report.send_mail'))

    def mails(self):
        return [call.args for call in self.send_mail.await_args_list]

    async def test_author_hears_of_a_failure(self):
        await report('login', 'ada', passed=False, passed_before=True)
        self.assertEqual(self.mails(), [('ada', 'login fails')])

    async def test_author_hears_of_each_failure(self):
        await report('login', 'ada', passed=False, passed_before=False)
        self.assertEqual(self.mails(), [('ada', 'login fails')])

    async def test_author_and_team_hear_of_a_failure_of_main(self):
        await report('main', 'ada', passed=False, passed_before=True)
        self.assertCountEqual(self.mails(), [('ada', 'main fails'), (TEAM, 'main fails')])

    async def test_team_hears_of_it_even_if_the_author_does_not(self):
        async def send(address, text):
            if address == 'ada':
                raise OSError

        self.send_mail.side_effect = send
        with self.assertLogs('build_report', 'WARNING'):
            await report('main', 'ada', passed=False, passed_before=True)
        self.assertIn((TEAM, 'main fails'), self.mails())

    async def test_author_hears_that_it_passes_again(self):
        await report('login', 'ada', passed=True, passed_before=False)
        self.assertEqual(self.mails(), [('ada', 'login passes again')])

    async def test_nobody_hears_that_it_still_passes(self):
        await report('login', 'ada', passed=True, passed_before=True)
        self.assertEqual(self.mails(), [])
