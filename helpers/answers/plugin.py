"""A pytest plugin: below the summary, the answer to a message with which a test failed."""

import sys
from collections.abc import Generator

import pytest

from helpers.answers.index import Answer, messages_in, read_index


def register(config: pytest.Config) -> None:
    """Turn this plugin on, for a conftest.py; do nothing if it is on already."""
    if not config.pluginmanager.has_plugin(__name__):
        config.pluginmanager.register(sys.modules[__name__], __name__)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, object, object]:
    """Print the answers below the short summary of the failures."""
    result = yield
    failed = terminalreporter.getreports('failed') + terminalreporter.getreports('error')
    answers = read_index() if failed else []
    found = [explanation(message(report), answers) for report in failed]
    for answer in dict.fromkeys(found):
        if answer is not None:
            terminalreporter.write_line(f'ANSWER {answer.link} ({answer.question})')
    return result


def message(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return the message of the exception that a report is about, without the source lines."""
    place = getattr(report.longrepr, 'reprcrash', None)
    return place.message if place else report.longreprtext


def explanation(text: str, answers: list[Answer]) -> Answer | None:
    """Return the answer to the longest message that stands in a text; None if there is none.

    Of several, the one that is asked most. The name of an exception alone (`CancelledError`) says
    too little, so it does not count.
    """
    best = None
    longest = 0
    for answer in sorted(answers, key=lambda answer: not answer.most_asked):
        messages = [message for message in messages_in(text, answer) if ' ' in message]
        length = max(map(len, messages), default=0)
        if length > longest:
            best = answer
            longest = length
    return best
