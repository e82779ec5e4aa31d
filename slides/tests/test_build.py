"""Tests of the builder: what goes into a slide, and what fails the build."""

import itertools
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from helpers.service.acceptance import run_server
from slides import blocks, build
from slides.blocks import DeckError

NOTES = '> Minutes: workshop 2, half a day 3.\n>\n> Say it.\n'
RECEIVE = 'include 01_sync/receive.py receive'
SESSION = ">>> 'PING'.lower()\n'ping'\n>>> 1 + 1\n2"


def deck(body, notes=NOTES):
    return build.parse_deck(f'# One\n\n{body}\n\n{notes}')


def block(info, text=''):
    return deck(f'```{info}\n{text}\n```')[0].html


def lines(html):
    """Return the text of each line of code, with the step at which it appears."""
    found = re.findall(
        r'<span class="line(?: fragment" data-fragment-index="(\d+))?">(.*)</span>', html
    )
    return [(step, re.sub('<.*?>', '', line).replace('&#39;', "'")) for step, line in found]


def bands(html):
    return re.findall(r'data-fragment-index="(\d+)" style="--first: (\d+); --lines: (\d+)"', html)


def test_include_shows_the_kits_code_without_its_docstring():
    shown = [line for _, line in lines(block(RECEIVE))]
    assert shown[0] == 'def receive(packet_type: str, packet_data: Any) -&gt; None:'
    assert shown[1] == "    if packet_type == 'PING':"
    assert len(shown) == 8


def test_include_shows_decorators_and_dedents_a_method():
    html = block('include 01_sync/test_receive.py TestReceive.test_ping')
    assert lines(html)[0] == ('', "@mock.patch('receive.send_to_client')")


def test_a_step_highlights_the_lines_that_contain_its_words():
    html = block(RECEIVE, "send_to_client('PONG'\nelif ... send_to_client('MESSAGE'")
    assert bands(html) == [('0', '2', '1'), ('1', '3', '3')]


def test_build_shows_each_line_at_its_step():
    html = block(
        'build 01_sync/test_receive.py TestReceive.test_ping', "receive('PING'\n@mock.patch"
    )
    assert [step for step, _ in lines(html)] == ['1', '', '0', '']


def test_leaves_out_comments_for_tools(tmp_path):
    (tmp_path / 'deck.md').touch()
    (tmp_path / 'own.py').write_text(
        'def bake():  # noqa: ANN201\n    return 1\n', encoding='utf-8'
    )
    steps = blocks.Steps()
    html = blocks.code('include', 'own.py bake', '', steps, 1, tmp_path)
    assert lines(html)[0] == ('', 'def bake():')


def test_the_steps_of_a_second_block_follow_those_of_the_first():
    one = f'```{RECEIVE}\nelse:\n```\n'
    assert [step for step, _, _ in bands(deck(one + one)[0].html)] == ['0', '1']


def test_part_shows_only_the_lines_that_its_first_line_names():
    html = block('part 02_greenlet/green.py patch', "if 'receive' ... sys.exit('too late\nsys.exit")
    assert [line for _, line in lines(html)][0] == "if 'receive' in sys.modules:"
    assert bands(html) == [('0', '1', '1')]


def test_an_answer_appears_with_the_next_question():
    assert lines(block('prompt', SESSION)) == [
        ('', "&gt;&gt;&gt; 'PING'.lower()"),
        ('0', "'ping'"),
        ('0', '&gt;&gt;&gt; 1 + 1'),
        ('1', '2'),
    ]


def test_a_question_of_several_lines_appears_in_one_step():
    session = '>>> for n in [1]:\n...     n\n...\n1'
    assert [step for step, _ in lines(block('prompt', session))] == ['', '', '', '0']
    command = '$ python 02_greenlet/green.py gevent -m switching'
    commands = f'{command}\n100 clients served by 1 OS thread(s) in ... s'
    assert [step for step, _ in lines(block('console', commands))] == ['', '0']


def test_a_paragraph_after_code_appears_with_the_last_step():
    html = deck(f'Before.\n\n```prompt\n{SESSION}\n```\n\nAfter.')[0].html
    assert '<p>Before.</p>' in html
    assert '<p class="fragment" data-fragment-index="1">After.</p>' in html


def test_a_blank_line_in_a_prompt_adds_a_step():
    assert lines(block('prompt', '>>> x = 1\n\n>>> x\n1')) == [
        ('', '&gt;&gt;&gt; x = 1'),
        ('0', '&gt;&gt;&gt; x'),
        ('1', '1'),
    ]


def test_notes_set_the_minutes_in_each_deck_that_shows_the_slide():
    first, second = build.parse_deck(f'# One\n\n{NOTES}\n## `receive()` 2!\n\n> Minutes: talk 1.\n')
    assert first.minutes == {'workshop': 2, 'half a day': 3}
    assert second.minutes == {'talk': 1}
    assert first.section().startswith('<section id="one" data-workshop="2" data-half="3">')
    assert second.section().startswith('<section id="receive-2" data-talk="1">')


def test_minutes_in_a_slide_are_those_of_its_notes_and_count_down():
    slide = deck('**{minutes} minutes.**')[0]
    assert 'class="your-turn"' in slide.section()
    assert '<strong><span class="minutes"></span> minutes.</strong>' in slide.section()


def test_run_shows_what_a_command_prints():
    html = block('run', '$ python -c print(1)\n1')
    assert lines(html)[1][1] == '1'


@pytest.mark.parametrize(
    ('body', 'why'),
    [
        ('```python\nreceive()\n```', "not by 'python'"),
        ('```\nreceive()\n```', "not by 'indentation'"),
        ('text\n\n    receive()', "not by 'indentation'"),
        ('Call `receive_all()`.', "'receive_all()' is in no file"),
        ('```include 01_sync/recieve.py receive\n```', 'there is no file 01_sync/recieve.py'),
        ('```include 01_sync/receive.py receive_all\n```', 'has no receive_all'),
        ('```include 01_sync/test_receive.py TestReceive.test\n```', 'has no TestReceive.test'),
        (f'```{RECEIVE}\nswitch\n```', "'switch' should be in one line, is in 0"),
        (f'```{RECEIVE}\npacket_type\n```', "'packet_type' should be in one line, is in 3"),
        ('```include ../receive.py receive\n```', 'there is no file ../receive.py'),
        ('```include 01_sync/receive.py\n```', 'include takes a FILE and a NAME'),
        ('```part 01_sync/receive.py receive\n```', 'the first line of a part'),
        ('```prompt\n>>> 1 + 1\n3\n```', 'Expected:\n    3\nGot:\n    2'),
        ('```prompt\nno prompt\n```', 'a prompt has questions and answers only'),
        ('```console\n$ rm -r .\n```', 'no README.md has these commands'),
        ('```prompt\n>>> 1\n1\n\ndef receive(typed): ...\n```', 'questions and answers only'),
        ('```prompt\n>>> 1 + 1  # doctest: +SKIP\n3\n```', 'questions and answers only'),
        (
            '```console\ndef receive(packet_type: str, packet_data: Any) -> None:\n```',
            'no README.md has',
        ),
        (f'```{RECEIVE}\nelse: ... def receive\n```', 'in the other order'),
        ('```run\n$ python -c print(1)\n2\n```', 'the command prints something else:\n1'),
        ('```run\n$ rm -r .\n```', 'what is run begins with "$ python"'),
        (
            '```include helpers/service/acceptance.py '
            'run_server _start _end_and_read_log check_service\n```',
            'too high',
        ),
        ('Call `receiv`.', "'receiv' is in no file"),
        ('Type `nox -s 09_exercise -- --hint`.', "'nox -s 09_exercise' is in no file"),
        ('Type `nox -s 01_exercise -- --clue`.', "'--clue' is in no file"),
        ('```console\n```', 'no README.md has these commands'),
        (f'```prompt\n>>> "{"x" * 100}" and None\n```', 'too long for a slide, 115 characters'),
        ('![A drawing](drawings/none.svg)', 'there is no drawing none.svg'),
        ('> A second note.\n\ntext', 'it has 2 block quotes'),
    ],
)
def test_refuses_a_slide_that_differs_from_the_kit(body, why):
    with pytest.raises(DeckError, match=re.escape(why)) as error:
        deck(body)
    assert str(error.value).startswith('slide "One": ')


@pytest.mark.parametrize('text', ['', 'Text.\n\n# One'])
def test_refuses_a_deck_that_does_not_begin_with_a_heading(text):
    with pytest.raises(DeckError, match='begin with a heading'):
        build.parse_deck(text)


@pytest.mark.parametrize(
    'notes',
    ['', '> Say it.', '> Minutes: two.', '> Minutes: talk 0.', '> Minutes: talk 1, whole day 2.'],
)
def test_refuses_a_slide_whose_notes_do_not_begin_with_its_minutes(notes):
    with pytest.raises(DeckError, match='block quotes|should begin with its minutes'):
        deck('text', notes)


def test_names_a_source_file_with_a_syntax_error(tmp_path, monkeypatch):
    (tmp_path / 'half.py').write_text('def half(:', encoding='utf-8')
    monkeypatch.setattr(blocks, 'ROOT', tmp_path)
    with pytest.raises(DeckError, match='half.py.*line 1'):
        block('include half.py half')


def test_reports_a_missing_deck(small_kit):
    (small_kit / 'slides/deck.md').unlink()
    ended = run(small_kit)
    assert (ended.returncode, ended.stderr) == (
        1,
        'deck.md: the file is missing; to restore it: git checkout slides\n',
    )


def test_refuses_a_drawing_with_code_that_the_kit_does_not_have(tmp_path):
    drawing = tmp_path / 'calls.svg'
    text = (
        '<svg><title>a</title><desc>b</desc><text class="big code"><tspan>{}</tspan></text></svg>'
    )
    drawing.write_text(text.format('receive()'), encoding='utf-8')
    assert blocks.drawing(drawing).startswith('<svg role="img">')
    drawing.write_text(text.format('receive_all()'), encoding='utf-8')
    pytest.raises(DeckError, blocks.drawing, drawing)


@pytest.mark.parametrize(
    'svg',
    [
        '<svg><title>a</title></svg>',
        '<svg><title>a</title><desc>b</desc><image href="https://example.org"/></svg>',
        '<svg><title>a</title><desc>b</desc><script/></svg>',
    ],
)
def test_refuses_a_drawing_without_description_or_with_more_than_shapes(tmp_path, svg):
    (tmp_path / 'drawing.svg').write_text(svg, encoding='utf-8')
    pytest.raises(DeckError, blocks.drawing, tmp_path / 'drawing.svg')


def test_renders_tables_and_escapes_html():
    html = deck('| a | b |\n|---|---|\n| c | <b>d</b> `-> None` |')[0].html
    assert '<td>c</td>' in html
    assert '<b>' not in html
    assert '<code>-&gt; None</code>' in html


def test_refuses_two_slides_with_the_same_title():
    with pytest.raises(DeckError, match='2 slides have the address #one'):
        build.parse_deck(f'# One\n\n{NOTES}\n## One\n\n{NOTES}')


@pytest.mark.parametrize(
    ('old', 'new'),
    [('def receive(', 'def receive_packet('), ("'PING'", "'HELLO'")],
    ids=['a renamed function', 'a vanished line'],
)
def test_refuses_code_whose_source_has_changed(tmp_path, monkeypatch, old, new):
    source = (blocks.ROOT / '01_sync/receive.py').read_text(encoding='utf-8')
    (tmp_path / 'receive.py').write_text(source.replace(old, new), encoding='utf-8')
    monkeypatch.setattr(blocks, 'ROOT', tmp_path)
    with pytest.raises(DeckError):
        block('include receive.py receive', "packet_type == 'PING'")


@pytest.fixture
def small_kit(kit):
    """Return a copy of the kit whose deck has one slide."""
    write(kit, f'# One\n\n{NOTES}')
    return kit


def write(kit, text):
    (kit / 'slides/deck.md').write_text(text, encoding='utf-8')


def run(kit, *arguments):
    command = [sys.executable, '-X', 'utf8', '-m', 'slides.build', *arguments]
    return subprocess.run(command, cwd=kit, capture_output=True, encoding='utf-8')


def test_build_writes_one_file_with_its_fonts_inside(small_kit):
    ended = run(small_kit)
    assert (ended.returncode, ended.stderr) == (0, '')
    lengths = (
        'talk 0 slides, 0 minutes; workshop 1 slides, 2 minutes; half a day 1 slides, 3 minutes'
    )
    assert lengths in ended.stdout
    page = (small_kit / 'slides/deck.html').read_text(encoding='utf-8')
    assert '<title>One</title>' in page
    assert 'url(fonts' not in page


def test_builds_a_deck_of_ones_own_with_code_and_prompts_from_its_folder(small_kit, tmp_path):
    own = tmp_path / 'my bakery'
    own.mkdir()
    (own / 'kiln.py').write_text('def bake():\n    return 1\n', encoding='utf-8')
    code = '```include kiln.py bake\n```\n\nCall `bake()`.\n\n'
    prompt = '```prompt\n>>> import kiln\n>>> kiln.bake()\n1\n```\n\n'
    kits = f'```{RECEIVE}\n```\n\n'
    (own / 'deck.md').write_text(f'# Bread\n\n{code}{prompt}{kits}{NOTES}', encoding='utf-8')
    ended = run(small_kit, str(own / 'deck.md'))
    assert (ended.returncode, ended.stderr) == (0, '')
    assert '<title>Bread</title>' in (own / 'deck.html').read_text(encoding='utf-8')
    assert not (small_kit / 'slides/deck.html').exists()


def test_a_deck_with_an_error_leaves_the_old_file(small_kit):
    run(small_kit)
    write(small_kit, '# Two\n\n```python\n```\n\n' + NOTES)
    ended = run(small_kit)
    assert (ended.returncode, ended.stdout) == (1, '')
    assert ended.stderr.startswith('deck.md: slide "Two": code comes by')
    assert '<title>One</title>' in (small_kit / 'slides/deck.html').read_text(encoding='utf-8')


def test_a_new_deck_waits_until_the_old_one_is_no_longer_read(tmp_path, monkeypatch):
    def refuse_at_first(path, target):  # as Windows does while another program reads the target
        if next(tries) < 2:
            raise PermissionError
        path.rename(target)

    tries = itertools.count()
    monkeypatch.setattr(Path, 'replace', refuse_at_first)
    new = tmp_path / 'deck.new'
    new.write_text('new', encoding='utf-8')
    deck = tmp_path / 'deck.html'
    build.take_the_place_of(deck, new)
    assert deck.read_text(encoding='utf-8') == 'new'
    monkeypatch.setattr(build, 'PATIENCE', 0.1)
    tries = itertools.repeat(0)
    pytest.raises(PermissionError, build.take_the_place_of, deck, deck)


def test_serve_rebuilds_at_every_save(small_kit, monkeypatch):
    monkeypatch.chdir(small_kit)
    with run_server(sys.executable, '-m', 'slides.build', '--serve', '--port', '0') as port:

        def answer(path=''):
            with urllib.request.urlopen(f'http://127.0.0.1:{port}/{path}') as response:
                return response.read().decode()

        deadline = time.monotonic() + 20
        while not answer('built') and time.monotonic() < deadline:
            time.sleep(0.05)
        first = answer('built')
        assert '<title>One</title>' in answer()
        assert "fetch('built')" in answer()
        while answer('built') == first and time.monotonic() < deadline:
            write(small_kit, f'# Two\n\n{NOTES}')  # repeatedly: a save before it watches is lost
            time.sleep(0.5)
        assert '<title>Two</title>' in answer()


def test_serve_reports_a_port_that_is_taken(small_kit):
    with build.Server(('127.0.0.1', 0), build.Handler) as server:
        ended = run(small_kit, '--serve', '--port', str(server.server_port))
    assert ended.returncode == 2
    assert ended.stderr.startswith('nox -s slides --: cannot listen on port')
