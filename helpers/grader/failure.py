"""A test that fails on the correct code: all that is known about it."""

import ast
from dataclasses import dataclass
from typing import Any

from helpers.grader.source import Code, Function, Source

Advice = tuple[str, str] | None  # what happened, and the next step


@dataclass
class Failure:
    """A test that fails on the correct code, and all that is known about it."""

    test: dict[str, Any]
    run: dict[str, Any]
    source: Source
    code: Code
    command: str  # the one that shows the failure whole

    def __post_init__(self) -> None:
        """Look at the facts."""
        self.error: dict[str, Any] = self.test.get('error') or {}
        self.facts: dict[str, Any] = self.test.get('facts') or {}
        self.name: str = self.test['name']
        self.kind: str = self.error.get('type', '')
        self.text: str = self.error.get('text', '')
        self.frames: list[dict[str, Any]] = self.error.get('frames', [])
        self.line: int = self.error.get('line') or self.test['line']

    @property
    def first_line(self) -> int:
        """The line of the test's `def`, below its decorators."""
        function = self.function
        return function.lineno if function else int(self.test['line'])

    @property
    def function(self) -> Function | None:
        """The test itself, as it is written."""
        line = self.facts.get('line_of_body') or self.test['line']
        return self.source.function_at(line)

    @property
    def in_code(self) -> list[str]:
        """The functions of the code under test that the exception came through, outermost first."""
        return [frame['function'] for frame in self.frames if frame['under_test']]

    @property
    def raised_by_code(self) -> bool:
        """Whether the code under test itself raises the exception."""
        return bool(self.frames) and self.frames[-1]['under_test']

    @property
    def body_began(self) -> bool:
        """Whether the exception came through the learner's files at all."""
        return any(frame['file'] for frame in self.frames)

    @property
    def in_coroutine(self) -> bool:
        """Whether a coroutine of the learner's was running."""
        return any(frame['coroutine'] and frame['file'] for frame in self.frames)

    def call(self) -> ast.Call | None:
        """Return the innermost call in the learner's tests that led to the exception."""
        for file, *place in reversed(self.error.get('positions', [])):
            if file == self.error.get('file'):
                first, last, start, end = place
                return self.source.call_at((first, last, start, end))
        return None

    def unrun(self) -> dict[str, Any] | None:
        """Return a coroutine that this test has made and nobody has awaited."""
        waiting = list(self.error.get('unrun', []))
        waiting += [c for c in self.run['never_awaited'] if c['test'] == self.name]
        for coroutine in waiting:
            if is_the_learners(coroutine):
                return coroutine
        return None

    @property
    def reaches_the_code(self) -> bool:
        """Whether the test runs any of the code under test."""
        reached = self.run['coverage']['tests'].values()
        return any(self.test is self.run['tests'].get(name) for names in reached for name in names)


def is_the_learners(coroutine: dict[str, Any]) -> bool:
    """Whether the learner's files have made a coroutine themselves, or define it."""
    made_of_the_code = coroutine['under_test'] and coroutine['made'] is not None
    return coroutine['ours'] or coroutine['made_directly'] or made_of_the_code


def short(kind: str, text: str) -> str:
    """Return an exception in one line: its type, and the first lines of its text."""
    lines = [line for line in f'{kind}: {text}'.splitlines() if line.strip()]
    first_lines = ' '.join(' '.join(lines[:4]).split())[:300]
    return _ended(first_lines)


def sentence(text: str) -> str:
    """Return a text of Python's, such as an exception's, so that it ends like a sentence."""
    return _ended(' '.join(text.split())[:300])


def _ended(text: str) -> str:
    """Return a text that ends with a full stop, or with the mark that it has."""
    text = text.rstrip(' .:')
    return text if text.endswith(('?', '!')) else f'{text}.'


def counted(number: int, noun: str) -> str:
    """Return '1 mock', '2 mocks' and the like."""
    return f'{number} {noun}' if number == 1 else f'{number} {noun}s'


def listed(names: list[str]) -> str:
    """Return the first names, separated by commas."""
    return ', '.join(names[:6])
