"""Tests of the wire format and of what the servers do with the rest."""

import io

import pytest

from helpers.service import protocol


@pytest.mark.parametrize('data', [None, 'text', 1.5, {'key': ['€']}, '\ud800'])
def test_a_packet_survives_the_wire(data):
    line = protocol.encode('PING', data)
    assert line.count(b'\n') == 1
    assert protocol.decode(line) == ('PING', data)


@pytest.mark.parametrize(
    'line',
    [
        b'\n',
        b'["PI',
        b'\xff\n',
        b'["PING", NaN]\n',
        b'["PING", -Infinity]\n',
        b'["PING", 1e999]\n',
        b'\xef\xbb\xbf["PING", 1]\n',
        '["PING", 1]'.encode('utf-16'),
        b'["PING", ' + b'9' * 5000 + b']',
        b'[' * 60_000,
    ],
)
def test_no_json(line):
    with pytest.raises(ValueError, match='Not a line of JSON in UTF-8'):
        protocol.decode(line)


@pytest.mark.parametrize(
    'line', [b'{}', b'3', b'"ab"', b'[]', b'["PING"]', b'["PING", 1, 2]', b'[1, "PING"]']
)
def test_no_packet(line):
    with pytest.raises(ValueError, match='Not an array of a type and its data'):
        protocol.decode(line)


@pytest.mark.parametrize(('opening', 'closing'), [('[', ']'), ('{"key": ', '}')])
def test_nesting(opening, closing):
    deepest = protocol.MAX_DEPTH - 1  # the packet itself is a level
    protocol.decode(b'["PING", %s]' % (opening * deepest + '1' + closing * deepest).encode())
    with pytest.raises(ValueError, match='Nested too deep'):
        protocol.decode(
            b'["PING", %s]' % (opening * (deepest + 1) + '1' + closing * (deepest + 1)).encode()
        )


def test_a_refusal_is_told():
    stream = io.BytesIO()
    with protocol.report_errors(stream):
        raise ValueError('Invalid packet type')
    assert stream.getvalue() == b'["ERROR", "Invalid packet type"]\n'


def test_any_other_error_is_logged_and_not_told(caplog):
    stream = io.BytesIO()
    with protocol.report_errors(stream):
        raise RuntimeError('secret')
    assert stream.getvalue() == b'["ERROR", "Internal error"]\n'
    assert 'secret' in caplog.text


def test_nobody_is_told_when_the_client_is_gone():
    stream = io.BytesIO()
    with pytest.raises(BrokenPipeError), protocol.report_errors(stream):
        raise BrokenPipeError
    assert not stream.getvalue()


def test_a_conversation_ends_quietly_and_closes_the_stream():
    stream = io.BytesIO()
    with protocol.closing_quietly(stream):
        raise ConnectionResetError
    assert stream.closed
