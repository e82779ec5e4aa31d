"""Tests of the grader: learners' hand-ins, each with the verdict that it should get."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers.grader import gates_of_tests
from helpers.grader.exercises import EXERCISES
from helpers.grader.grade import grade

SUBMISSIONS = Path(__file__).with_name('submissions')
SYNC = EXERCISES['01_sync'].written['test_receive.py'].solved().encode()
ASYNC = {name: file.solved().encode() for name, file in EXERCISES['03_asyncio'].written.items()}
TESTS = 'test_async_receive.py'


@dataclass(frozen=True)
class Submission:
    """What is handed in: the bytes of a file, the files of a folder, or None for nothing at all."""

    stage: str
    name: str
    content: bytes | dict | None
    gate: str | None = None  # the one that is not passed, or None if solved
    says: tuple[str, ...] = ()  # fragments of its message, or of the next step
    goes_on: bool = False  # the gates after that one are passed all the same
    limit: int | None = None  # seconds for what never ends; None: as many as a learner has

    def write(self, folder):
        path = folder / f'Übung {self.stage}, {self.name}.py'
        _write(path, self.content)
        return path


def _write(path, content):
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.mkdir()
        for name, part in content.items():
            _write(path / name, part)


def _read(stage):
    text = (SUBMISSIONS / f'{stage}.toml').read_text(encoding='utf-8')
    for entry in tomllib.loads(text)['submission']:
        yield Submission(
            stage,
            entry['name'],
            _content(stage, entry),
            entry.get('gate'),
            tuple(entry.get('says', ())),
            entry.get('goes_on', False),
            entry.get('limit'),
        )


def _content(stage, entry):
    """Return what an entry hands in: a text of its own, or an edited solution."""
    solved = entry.get('solved', False)
    assert solved == ('gate' not in entry), entry['name']
    solution = SYNC if stage == '01_sync' else ASYNC[TESTS]
    text = entry.get('text', solution.decode())
    edits = entry.get('edits', [])
    if 'old' in entry:
        edits = [[entry['old'], entry['new']]]
    for old, new in edits:
        assert text.count(old) == 1, (entry['name'], old)
        text = text.replace(old, new)
    if stage == '01_sync':
        return text.encode()
    helpers = entry.get('helpers', ASYNC['my_helpers.py'].decode())
    return {'my_helpers.py': helpers.encode(), TESTS: text.encode()}


def _bytes():
    """Yield what no TOML can hold."""
    for name, content, gate, *says in (
        ('missing', None, 'found', 'There is no'),
        ('folder', {}, 'found', 'is a folder, not a file'),
        ('empty', b'', 'found', 'is empty'),
        ('blank', b'\n\n', 'found', 'is empty'),
        ('large', SYNC + b'#' * 2_000_000, 'found', 'more than 1,000,000 bytes'),
        ('not_utf_8', SYNC.replace(b'FOO', b'F\xd6\xd6'), 'found', 'not UTF-8'),
        ('utf_16', SYNC.decode().encode('utf-16'), 'found', 'not UTF-8'),
        ('nul', SYNC.replace(b'FOO', b'F\0O'), 'found', 'NUL bytes'),
        ('crlf', SYNC.replace(b'\n', b'\r\n'), None),
        ('cr', SYNC.replace(b'\n', b'\r'), None),
        ('tabs', SYNC.replace(b'    ', b'\t'), None),
        ('byte_order_mark', b'\xef\xbb\xbf' + SYNC, None),
        ('no_newline_at_the_end', SYNC.rstrip(), None),
        (
            '300_tests',
            SYNC + b''.join(b'\n\ndef test_%d():\n    pass\n' % n for n in range(300)),
            None,
        ),
    ):
        yield Submission('01_sync', name, content, gate, tuple(says))
    tests, helpers = ASYNC[TESTS], ASYNC['my_helpers.py']
    for name, content, gate, *says in (
        ('nothing', None, 'helpers', 'There is no my_helpers.py'),
        ('file_for_folder', tests, 'helpers', 'is a file; two are asked for'),
        ('folder_empty', {}, 'helpers', 'There is no my_helpers.py'),
        ('no_helpers', {TESTS: tests}, 'helpers', 'There is no my_helpers.py'),
        ('no_tests', {'my_helpers.py': helpers}, 'found', f'There is no {TESTS}'),
        ('helpers_empty', ASYNC | {'my_helpers.py': b''}, 'helpers', 'my_helpers.py is empty'),
        ('helpers_folder', ASYNC | {'my_helpers.py': {}}, 'helpers', 'my_helpers.py is a folder'),
        ('helpers_nul', ASYNC | {'my_helpers.py': b'\0'}, 'helpers', 'my_helpers.py', 'NUL bytes'),
        ('tests_nul', ASYNC | {TESTS: b'\0'}, 'found', TESTS, 'NUL bytes'),
        ('crlf', {n: part.replace(b'\n', b'\r\n') for n, part in ASYNC.items()}, None),
        ('byte_order_mark', {n: b'\xef\xbb\xbf' + part for n, part in ASYNC.items()}, None),
        ('more_files', ASYNC | {'test_more.py': b'(', 'conftest.py': b'(', 'x': {}}, None),
    ):
        yield Submission('03_asyncio', name, content, gate, tuple(says))


ALL = [*_read('01_sync'), *_read('03_asyncio'), *_bytes()]


@pytest.mark.parametrize(
    'submission', ALL, ids=lambda submission: f'{submission.stage}-{submission.name}'
)
def test_verdict_and_message_of(submission, tmp_path, monkeypatch):
    if submission.limit:
        monkeypatch.setattr(gates_of_tests, 'LIMIT', submission.limit)
        monkeypatch.setattr(gates_of_tests, 'IMPORT_LIMIT', submission.limit)
    verdict = grade(EXERCISES[submission.stage], submission.write(tmp_path))
    names = list(EXERCISES[submission.stage].gates)
    place = names.index(submission.gate) if submission.gate else len(names)
    later = True if submission.goes_on else None
    expected = [True] * place + [False] + [later] * (len(names) - place - 1)
    found = [(gate.name, gate.passed, gate.message) for gate in verdict.gates]
    assert [gate.passed for gate in verdict.gates] == expected[: len(names)], found
    assert verdict.solved == (submission.gate is None)
    said = f'{verdict.gates[place].message}\n{verdict.next}' if submission.gate else ''
    assert [part for part in submission.says if part not in said] == [], said
