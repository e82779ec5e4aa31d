"""How do I port tests from the article's AsyncMock, or this kit's, to the standard one?

The standard one invents any attribute, even `mock`. Nobody calls that child, so a `.mock` left in
place makes `assert_not_called` pass falsely. Change the import, pass the text of each test file
through ported(), and look at each `.mock` that is left. As a method, the old mock records `self`;
the standard one does not.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import asyncio
import re
from unittest import mock

import helpers

AWAITS = {
    'called': 'await_count',
    'call_count': 'await_count',
    'call_args': 'await_args',
    'call_args_list': 'await_args_list',
    r'mock_calls(?!\[)': 'await_args_list',  # their items differ, so mock_calls[0] is left
    r'assert_called(\w*)': r'assert_awaited\1',
    'assert_any_call': 'assert_any_await',
    'assert_has_calls': 'assert_has_awaits',
    'assert_not_called': 'assert_not_awaited',
    '(return_value|side_effect|reset_mock)': r'\1',
}


def ported(text):
    for old, new in AWAITS.items():
        text = re.sub(rf'\.mock\.{old}\b', f'.{new}', text)
    return text


def test_wrong_way_passes_falsely():
    send = mock.AsyncMock()
    asyncio.run(send('data'))
    send.mock.assert_not_called()  # .mock is one more mock, and nobody has called it


def test_right_way():
    assert ported("send.mock.assert_called_with('data')") == "send.assert_awaited_with('data')"
    assert ported('send.mock.mock_calls == []') == 'send.await_args_list == []'
    assert ported('send.mock.mock_calls[0]') == 'send.mock.mock_calls[0]'
    assert ported('send.mock.return_value = 1') == 'send.return_value = 1'


class Session:
    old_send = helpers.AsyncMock()
    new_send = mock.AsyncMock()


def test_right_way_does_not_expect_self():
    session = Session()
    asyncio.run(session.old_send('data'))
    session.old_send.mock.assert_called_with(session, 'data')
    asyncio.run(session.new_send('data'))
    session.new_send.assert_awaited_with('data')
