"""How do I port tests from the article's AsyncMock, or this kit's, to the standard one?

The standard one invents any attribute, even `mock`, and nobody calls that child: a `.mock` that is
left makes `assert_not_called` pass falsely. `path.write_text(ported(path.read_text()))` takes it
out and asks for awaits. Change the import, and look at each `.mock` that is left. In a class the
old one records `self`, and the standard one does not.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import asyncio
import re
from unittest import mock

import helpers


def ported(text):
    text = re.sub(r'\.mock\.called\b', '.await_count', text)
    text = re.sub(r'\.mock\.mock_calls\b(?!\[)', '.await_args_list', text)
    asked = r'\.mock\.(assert_\w+|call_count|call_args\w*|return_value|side_effect|reset_mock)\b'
    return re.sub(asked, lambda name: '.' + name[1].replace('call', 'await'), text)


def test_wrong_way_passes_falsely():
    asyncio.run((f := mock.AsyncMock())('data'))
    f.mock.assert_not_called()


def test_right_way():
    session = type('Session', (), {'ours': helpers.AsyncMock(), 'theirs': mock.AsyncMock()})()
    asyncio.run(session.ours('data'))
    session.ours.mock.assert_called_with(session, 'data')
    asyncio.run(session.theirs('data'))
    eval(ported("session.theirs.mock.assert_called_with('data')"))
    for asked in 'called', 'call_count', "call_args == (('data',),)", 'mock_calls':
        assert eval(ported(f'session.theirs.mock.{asked}'))
    assert ported('f.mock.return_value = 1') == 'f.return_value = 1'
