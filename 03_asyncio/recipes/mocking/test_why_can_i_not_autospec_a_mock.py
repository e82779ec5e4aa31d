"""Why is it an InvalidSpecError, "Cannot autospec attr ... as it has already been mocked out"?

The class is patched twice: by a decorator and a fixture, say, or by `setUp` and the test. While the
first patch is active, the name stands for a mock, and a mock is refused as a spec, by
`autospec=True` and `MagicMock(spec=...)` alike. Patch once and use the mock that you get, or make
the mock with the spec before you patch.
"""

import unittest
from unittest import mock


class Mailer:
    async def send(self, address): ...


async def sign_up(address):
    await Mailer().send(address)


class TestSignUp(unittest.IsolatedAsyncioTestCase):
    @mock.patch(f'{__name__}.Mailer')
    async def test_wrong_way_with_autospec(self, patched_class):
        message = "Cannot autospec attr 'Mailer' from target .* as it has already been mocked out"
        with self.assertRaisesRegex(mock.InvalidSpecError, message):
            mock.patch(f'{__name__}.Mailer', autospec=True).start()

    @mock.patch(f'{__name__}.Mailer')
    async def test_wrong_way_with_spec(self, patched_class):
        with self.assertRaisesRegex(mock.InvalidSpecError, 'Cannot spec a Mock object'):
            patched_class.return_value = mock.MagicMock(spec=Mailer)

    @mock.patch(f'{__name__}.Mailer', autospec=True)
    async def test_right_way(self, patched_class):
        await sign_up('ann@example.org')
        patched_class.return_value.send.assert_awaited_once_with('ann@example.org')

    async def test_right_way_with_spec(self):
        mailer = mock.MagicMock(spec=Mailer)  # before the patch
        with mock.patch(f'{__name__}.Mailer', return_value=mailer):
            await sign_up('ann@example.org')
        mailer.send.assert_awaited_once_with('ann@example.org')
