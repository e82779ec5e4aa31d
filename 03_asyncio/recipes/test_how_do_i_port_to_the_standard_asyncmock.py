"""How do I port tests from this kit's AsyncMock to the standard one?

The standard one makes up any attribute, `mock` too, and nobody calls that child: where `.mock` is
left, `assert_not_called` passes falsely. ported() takes it out of a test file's text, and asks for
awaits. In a class, this kit's is a method and records `self`, which the standard one never sees:
mend those by hand. Needs: the folder `helpers` of this kit, for the comparison.
"""

import asyncio
import re
from unittest import mock

import helpers


def ported(text):
    text = text.replace('.mock.called', '.await_count')
    text = text.replace('.mock.mock_calls', '.await_args_list')
    asked = r'\.mock\.((?:assert|call|return|side|reset)_\w+)'
    return re.sub(asked, lambda name: '.' + name[1].replace('call', 'await'), text)


class Session:
    ours, theirs = helpers.AsyncMock(), mock.AsyncMock()


def test_wrong_way_passes_falsely():
    asyncio.run(Session.theirs('data'))
    Session.theirs.mock.assert_not_called()


def test_right_way():
    session = Session()
    asyncio.run(session.ours('data'))
    session.ours.mock.assert_called_with(session, 'data')
    asyncio.run(session.theirs('data'))
    eval(ported("session.theirs.mock.assert_called_with('data')"))
    for asked in 'called', 'call_count', "call_args == (('data',),)", 'mock_calls':
        assert eval(ported(f'session.theirs.mock.{asked}'))
