"""Tests that follow the grader's next step: what it says then is something else."""

import re

import pytest

from helpers.grader.exercises import EXERCISES
from helpers.grader.failure import short
from helpers.grader.grade import grade

STAGES = ('01_sync', '03_asyncio')
# A first mistake in a stage's own tests: what stands there, and what a learner writes.
MISTAKES = [
    (
        '01_sync',
        "self.assertRaises(ValueError, receive, 'FOO', 'data')",
        "self.assertRaises(ValueError, receive('FOO', 'data'))",
    ),
    (
        '03_asyncio',
        "self.assertRaises(ValueError, _run, receive('FOO', 'data'))",
        "self.assertRaises(ValueError, receive, 'FOO', 'data')",
    ),
    (
        '03_asyncio',
        "self.assertRaises(ValueError, _run, receive('FOO', 'data'))",
        "self.assertRaises(ValueError, _run(receive('FOO', 'data')))",
    ),
    (
        '03_asyncio',
        "self.assertRaises(ValueError, _run, trigger_event('message', 'data'))",
        "self.assertRaises(ValueError, trigger_event, 'message', 'data')",
    ),
]


def write(stage, folder, text):
    exercise = EXERCISES[stage]
    for name in exercise.written:
        (folder / name).write_text(exercise.written[name].solved(), encoding='utf-8')
    tests = folder / exercise.tests
    tests.write_text(text, encoding='utf-8')
    return folder if len(exercise.written) > 1 else tests


@pytest.mark.parametrize(('stage', 'right', 'wrong'), MISTAKES)
def test_the_call_that_the_next_step_names_is_right(stage, right, wrong, tmp_path):
    text = EXERCISES[stage].written[EXERCISES[stage].tests].solved()
    assert text.count(right) == 1
    verdict = grade(EXERCISES[stage], write(stage, tmp_path, text.replace(right, wrong)))
    (call,) = re.findall(r'self\.assertRaises\(.*\)', verdict.next)
    assert call == right
    assert grade(EXERCISES[stage], write(stage, tmp_path, text.replace(right, call))).solved


# The name that a mock is asked for, in the test that asks it: what the next step says to write.
QUESTIONS = [
    (
        '01_sync',
        'def test_ping(self, send_to_client)',
        'def test_ping(self, m)',
        r'Write (m)\.assert_called_once_with',
        "send_to_client.assert_called_once_with('PONG'",
        "{}.assert_called_once_with('PONG'",
    ),
    (
        '03_asyncio',
        'writer.drain.mock.assert_called_once_with()',
        'writer.drain.assert_awaited()',
        r'Write (\.mock\.assert_called)\(',
        'writer.drain.assert_awaited()',
        'writer.drain{}()',
    ),
    (
        '03_asyncio',
        'writer.drain.mock.assert_called_once_with()',
        'writer.drain.mock.assert_awaited_once_with()',
        r'Write (assert_called_once_with)\(',
        'writer.drain.mock.assert_awaited_once_with()',
        'writer.drain.mock.{}()',
    ),
    (
        '03_asyncio',
        'writer.drain = AsyncMock()',
        'writer.drain = mock.AsyncMock()',
        r'without \.mock: (writer\.drain\.assert_awaited_once_with)\(',
        'writer.drain.mock.assert_called_once_with()',
        '{}()',
    ),
]


@pytest.mark.parametrize(('stage', 'right', 'wrong', 'says', 'old', 'new'), QUESTIONS)
def test_the_question_that_the_next_step_names_is_answered(
    stage, right, wrong, says, old, new, tmp_path
):
    text = EXERCISES[stage].written[EXERCISES[stage].tests].solved()
    assert text.count(right) == 1
    text = text.replace(right, wrong)
    verdict = grade(EXERCISES[stage], write(stage, tmp_path, text))
    (named,) = re.findall(says, verdict.next)
    text = text.replace(old, new.format(named))
    assert grade(EXERCISES[stage], write(stage, tmp_path, text)).solved


@pytest.mark.parametrize('stage', STAGES)
def test_no_test_written_leads_to_the_next_gate(stage, tmp_path):
    exercise = EXERCISES[stage]
    module = exercise.source.stem
    texts = [
        '\n',
        'def ping_test():\n    assert False\n',
        'def test_ping():\n    assert True\n',
        f'from {module} import receive\n\n\ndef test_ping():\n    assert receive\n',
    ]
    said = [grade(EXERCISES[stage], write(stage, tmp_path, text)) for text in texts]
    steps = [verdict.next for verdict in said]
    assert len({*steps}) == len(steps), steps


@pytest.mark.parametrize(
    ('text', 'says'), [('why?', 'why?'), ('no!', 'no!'), ('so', 'so.'), ('so.', 'so.')]
)
def test_message_of_a_failure_ends_with_one_mark(text, says):
    assert short('AssertionError', text) == f'AssertionError: {says}'
