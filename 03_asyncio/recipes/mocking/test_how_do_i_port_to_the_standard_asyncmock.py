"""How do I port tests from the article's AsyncMock, or this kit's, to the standard one?

The standard one invents any attribute, even `mock`. Nobody calls that child, so a `.mock` left in
place makes `assert_not_called` pass falsely. Change the import, pass the text of each test file
through ported(), and look at each `.mock` that is left. As a method, the old mock records `self`;
the standard one does not.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import unittest
from unittest import mock

import helpers

REPLACEMENTS = {
    '.mock.assert_called': '.assert_awaited',  # with _once, _with and _once_with
    '.mock.assert_any_call': '.assert_any_await',
    '.mock.assert_has_calls': '.assert_has_awaits',
    '.mock.assert_not_called': '.assert_not_awaited',
    '.mock.called': '.await_count',
    '.mock.call_count': '.await_count',
    '.mock.call_args': '.await_args',  # and call_args_list
    '.mock.mock_calls ==': '.await_args_list ==',  # not mock_calls[0]: its items differ
    '.mock.return_value': '.return_value',
    '.mock.side_effect': '.side_effect',
    '.mock.reset_mock': '.reset_mock',
}


def ported(text):
    for old, new in REPLACEMENTS.items():
        text = text.replace(old, new)
    return text


class Chat:
    async def send(self, text): ...

    async def greet(self):
        await self.send('hello')


class TestChat(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        chat = Chat()
        chat.send = mock.AsyncMock()
        await chat.greet()
        chat.send.mock.assert_not_called()  # .mock is one more mock, and nobody has called it

    async def test_right_way(self):
        chat = Chat()
        chat.send = helpers.AsyncMock()
        await chat.greet()
        chat.send.mock.assert_called_once_with('hello')

        chat.send = mock.AsyncMock()
        await chat.greet()
        chat.send.assert_awaited_once_with('hello')

    async def test_right_way_does_not_expect_self(self):
        chat = Chat()
        with mock.patch.object(Chat, 'send', new=helpers.AsyncMock()) as send:
            await chat.greet()
        send.mock.assert_called_once_with(chat, 'hello')

        with mock.patch.object(Chat, 'send', new=mock.AsyncMock()) as send:
            await chat.greet()
        send.assert_awaited_once_with('hello')

    def test_right_way_for_a_whole_file(self):
        self.assertEqual(
            ported("send.mock.assert_called_with('a')"), "send.assert_awaited_with('a')"
        )
        self.assertEqual(ported('send.mock.mock_calls == []'), 'send.await_args_list == []')
        self.assertEqual(ported('send.mock.mock_calls[0]'), 'send.mock.mock_calls[0]')
