"""Tests of the answers: the index, the pages made from it, the command, and the pytest plugin."""

import io
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from helpers.answers import __main__ as command
from helpers.answers import pages
from helpers.answers.find import find
from helpers.answers.index import read_index
from helpers.kit import ROOT
from slides.anchors import slugify

ANSWERS = read_index()
ASKED = tomllib.loads(Path(__file__).with_name('asked.toml').read_text(encoding='utf-8'))['asked']
TRACEBACK = (Path(__file__).parent / 'programs' / 'traceback.txt').read_text(encoding='utf-8')
UNRELATED = [
    'how to bake bread',
    'how do I center a div',
    'git merge conflict',
    'docker compose network unreachable',
    'segmentation fault in numpy',
    "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
]
WITH_MOCK = '03_asyncio/recipes/mocking/test_how_do_i_mock_async_with.py'


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs the command; it returns the exit status and what is printed."""

    def run(*words, pasted=''):
        monkeypatch.setattr(sys, 'argv', ['answer', *words])
        monkeypatch.setattr(sys, 'stdin', io.StringIO(pasted))
        try:
            status = command.main()
        except SystemExit as ended:
            status = ended.code
        return status, capsys.readouterr()

    return run


@pytest.mark.parametrize('page', [*pages.pages(ANSWERS)])
def test_page_has_the_table_that_the_index_makes(page):
    text = pages.pages(ANSWERS)[page]
    assert (ROOT / page).read_text(encoding='utf-8') == text, 'python -m helpers.answers.pages'


def test_every_link_leads_to_a_file_and_a_heading():
    for answer in ANSWERS:
        path, _, heading = answer.link.partition('#')
        text = (ROOT / path).read_text(encoding='utf-8')
        headings = [slugify(title) for title in re.findall(r'^#+ (.*)$', text, re.MULTILINE)]
        assert heading in ['', *headings], answer.link


def test_every_answer_has_something_by_which_it_is_found():
    assert [answer.link for answer in ANSWERS if not (answer.messages or answer.symptoms)] == []


def test_every_message_stands_in_the_section_that_explains_it():
    for answer in ANSWERS:
        path, _, heading = answer.link.partition('#')
        if answer.is_recipe or not heading:
            continue
        text = (ROOT / path).read_text(encoding='utf-8')
        for section in re.split(r'^#+ ', text, flags=re.MULTILINE):
            if slugify(section.splitlines()[0] if section else '') == heading:
                said = ' '.join(section.split())
        assert [message for message in answer.messages if message not in said] == [], answer.link


@pytest.mark.parametrize('answer', ANSWERS, ids=lambda answer: answer.link)
def test_each_message_alone_finds_an_answer_that_has_it(answer):
    for message in answer.messages:
        found = [match.answer for match in find(message, ANSWERS)]
        assert any(message in other.messages for other in found), message


@pytest.mark.parametrize('asked', ASKED, ids=lambda asked: asked['text'])
def test_a_question_finds_its_answer(asked):
    links = [match.answer.link for match in find(asked['text'], ANSWERS) if match.fits]
    assert [link for link in links if asked['answer'] in link], links


@pytest.mark.parametrize('text', UNRELATED)
def test_a_question_about_something_else_finds_nothing(text):
    assert [match for match in find(text, ANSWERS) if match.fits] == []


def test_prints_question_answer_and_file(run):
    status, printed = run('asynchronous', 'context', 'manager', 'protocol')
    assert status == 0
    assert '1. ' in printed.out
    assert WITH_MOCK in printed.out


def test_finds_the_answer_to_a_pasted_traceback(run):
    status, printed = run(pasted=TRACEBACK)
    assert status == 0
    assert WITH_MOCK in printed.out


def test_prints_json(run):
    status, printed = run('--json', 'asynchronous context manager protocol')
    found = json.loads(printed.out)
    assert status == 0
    assert WITH_MOCK in [answer['link'] for answer in found]
    assert {'link', 'question', 'answer', 'score'} == {*found[0]}


def test_says_that_nothing_is_close_and_what_to_search_for(run):
    pasted = 'Traceback:\n  File "x.py"\nnumpy.LinAlgError: bread at 0x7f\n'
    status, printed = run(pasted=pasted)
    assert status == 1
    assert 'no answer that comes close' in printed.out
    assert '  numpy.LinAlgError: bread\n' in printed.out


@pytest.mark.parametrize('words', [[], ['']])
def test_asks_for_a_message_if_there_is_none(run, words):
    status, printed = run(*words)
    assert status == 2
    assert 'there is nothing to look for' in printed.err


def test_says_what_to_run_if_something_is_not_installed():
    # -S: without site-packages, as in a Python in which nothing is installed.
    ended = subprocess.run(
        [sys.executable, '-S', '-m', 'helpers.answers', 'text'],
        cwd=ROOT,
        env=os.environ | {'PYTHONPATH': ''},
        encoding='utf-8',
        capture_output=True,
    )
    assert ended.returncode == 2
    assert ended.stderr.endswith('is not installed: run nox -s answer, which installs it\n')


@pytest.fixture
def failing(kit):
    """Return a function that runs a failing test in a stage of a copy of the kit."""

    def run_test(stage, *options):
        work = kit / stage / 'my_work'
        work.mkdir()
        program = Path(__file__).parent / 'programs' / 'failing_tests.py'
        (work / 'test_mine.py').write_text(program.read_text(encoding='utf-8'), encoding='utf-8')
        command = [sys.executable, '-m', 'pytest', f'{stage}/my_work', *options]
        return subprocess.run(command, cwd=kit, encoding='utf-8', capture_output=True).stdout

    return run_test


def test_failure_names_its_answer_once_below_the_summary(failing):
    printed = failing('03_asyncio', '-rf', '-k', 'awaits')
    assert printed.count('ANSWER ') == 1
    below = printed.rpartition('FAILED')[2]
    assert 'ANSWER 03_asyncio/README.md#a-mock-cannot-be-awaited (' in below


def test_failure_with_a_message_that_says_too_little_names_no_answer(failing):
    assert 'ANSWER' not in failing('01_sync', '-k', 'cancelled')
