"""Tests of the wire protocol, and of how errors reach the client or the log."""

import asyncio
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
def test_decode_refuses_what_is_not_json(line):
    with pytest.raises(ValueError, match='Not a line of JSON in UTF-8'):
        protocol.decode(line)


@pytest.mark.parametrize(
    'line', [b'{}', b'3', b'"ab"', b'[]', b'["PING"]', b'["PING", 1, 2]', b'[1, "PING"]']
)
def test_decode_refuses_json_that_is_not_a_packet(line):
    with pytest.raises(ValueError, match='Not an array of a type and its data'):
        protocol.decode(line)


@pytest.mark.parametrize(('opening', 'closing'), [('[', ']'), ('{"key": ', '}')])
def test_decode_refuses_one_level_too_many(opening, closing):
    deepest = protocol.MAX_DEPTH - 1  # the packet itself is a level
    protocol.decode(b'["PING", %s]' % (opening * deepest + '1' + closing * deepest).encode())
    with pytest.raises(ValueError, match='Nested too deep'):
        protocol.decode(
            b'["PING", %s]' % (opening * (deepest + 1) + '1' + closing * (deepest + 1)).encode()
        )


def test_reports_the_text_of_a_value_error():
    stream = io.BytesIO()
    with protocol.report_errors(stream):
        raise ValueError('Invalid packet type')
    assert stream.getvalue() == b'["ERROR", "Invalid packet type"]\n'


@pytest.mark.parametrize(
    'error', [RuntimeError, SystemExit, KeyboardInterrupt, asyncio.CancelledError]
)
def test_logs_any_other_error_and_keeps_it_from_the_client(caplog, error):
    stream = io.BytesIO()
    with protocol.report_errors(stream):
        raise error('secret')
    assert stream.getvalue() == b'["ERROR", "Internal error"]\n'
    assert 'secret' in caplog.text


def test_reports_a_cancelled_error_that_a_task_raised_by_itself(caplog):
    async def serve():
        with protocol.report_errors(stream):
            raise asyncio.CancelledError('secret')

    stream = io.BytesIO()
    asyncio.run(serve())
    assert stream.getvalue() == b'["ERROR", "Internal error"]\n'
    assert 'secret' in caplog.text


def test_does_not_report_that_a_task_is_cancelled(caplog):
    async def serve():
        with protocol.report_errors(stream):
            waiting.set()
            await asyncio.Event().wait()

    async def cancel():
        task = asyncio.create_task(serve())
        await waiting.wait()
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    stream = io.BytesIO()
    waiting = asyncio.Event()
    assert asyncio.run(cancel())
    assert stream.getvalue() == b''
    assert caplog.text == ''


def test_passes_an_os_error_on_when_the_client_has_gone():
    stream = io.BytesIO()
    with pytest.raises(BrokenPipeError), protocol.report_errors(stream):
        raise BrokenPipeError
    assert not stream.getvalue()


def test_closes_the_stream_quietly_when_the_client_has_gone():
    stream = io.BytesIO()
    with protocol.closing_quietly(stream):
        raise ConnectionResetError
    assert stream.closed
