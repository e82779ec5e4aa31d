"""Tests of the instructor's guide: its timetables, and what it tells people to type."""

import re
import shutil

import pytest

from helpers.grader.exercises import DRILLS, EXERCISES
from helpers.grader.grade import grade
from slides import build
from slides.blocks import kit_texts

GUIDE = (build.HERE / 'INSTRUCTOR.md').read_text(encoding='utf-8')
WORKSHOP, TALK, HALF_A_DAY = '90 minutes', '45 minutes', 'Half a day'
NAMES = {WORKSHOP: 'workshop', TALK: 'talk', HALF_A_DAY: 'half a day'}
# test_build.py and helpers/tests/test_offline.py run these.
RUN_ELSEWHERE = {
    'nox -s slides -- --serve',
    'nox -s wheels -- FOLDER',
    'nox -s hand_in -- NAME',
    'nox -s drill',
    'nox -s final',
}


def timetable(title):
    """Yield the rows of a timetable: start in minutes; the slide's anchor or None; minutes."""
    section = GUIDE.partition(f'\n## {title}\n')[2].partition('\n## ')[0]
    rows = re.findall(r'^\| (\d):(\d\d) \| (.*?) \| (\d+) \|', section, re.MULTILINE)
    for hours, minutes, what, length in rows:
        anchor = re.search(r'deck\.md#([^)]*)', what)
        yield 60 * int(hours) + int(minutes), anchor and anchor[1], int(length)


@pytest.mark.parametrize(('title', 'length'), [(WORKSHOP, 90), (TALK, 45), (HALF_A_DAY, 210)])
def test_a_timetable_has_no_gaps(title, length):
    clock = 0
    for start, _, minutes in timetable(title):
        assert start == clock
        clock += minutes
    assert clock == length


@pytest.mark.parametrize('title', NAMES)
def test_a_timetable_agrees_with_the_minutes_of_the_deck(title, deck):
    rows = list(timetable(title))
    starts = {anchor: start for start, anchor, _ in rows}
    clock, planned = 0, {}
    for slide in deck:
        if NAMES[title] in slide.minutes:
            if slide.anchor in starts:
                planned[slide.anchor] = clock
            clock += slide.minutes[NAMES[title]]
    assert planned == starts
    assert clock == sum(minutes for _, _, minutes in rows)


@pytest.mark.parametrize('name', build.DECKS)
def test_each_deck_has_five_minutes_for_questions_in_an_hour(name, deck):
    shown = [slide for slide in deck if name in slide.minutes]
    breaks = [slide.minutes[name] for slide in shown if slide.title.endswith('break')]
    questions = [slide.minutes[name] for slide in shown if slide.title.startswith('Questions')]
    minutes = sum(slide.minutes[name] for slide in shown) - sum(breaks)
    assert sum(questions) >= minutes * 5 // 60


def test_exercises_and_breaks_count_down_and_nothing_else(deck):
    for slide in deck:
        own_work = ('Your turn', 'Warm-up', 'Final check', 'First break', 'Second break')
        assert slide.counts_down == slide.title.startswith(own_work)


def test_the_talk_has_no_exercises(deck):
    assert not any(slide.counts_down for slide in deck if 'talk' in slide.minutes)


def test_the_guide_has_a_question_for_each_drill():
    rows = re.findall(r'^\| (\d\d) .*? \| .* \| .*\? \|$', GUIDE, re.MULTILINE)
    numbers = [name[:2] for name in DRILLS if name != 'warm_up']
    assert rows == numbers


def test_the_slides_count_the_bugs_that_exist():
    text = (build.HERE / 'deck.md').read_text(encoding='utf-8')
    bugs = [len(exercise.bugs) for exercise in EXERCISES.values() if exercise.grades_tests]
    assert bugs == [13, 16]
    assert 'plants thirteen bugs' in text
    assert 'Sixteen bugs.' in text


def test_the_helpers_on_the_slides_solve_exercise_3(tmp_path):
    exercise = EXERCISES['03_asyncio']
    for name, file in exercise.written.items():
        (tmp_path / name).write_text(file.solved(), encoding='utf-8')
    shutil.copy(build.HERE / 'examples' / 'my_helpers.py', tmp_path)
    assert grade(exercise, tmp_path).solved


def test_every_command_in_the_guide_is_run_by_a_test():
    pages = [GUIDE, *(text for path, text in kit_texts().items() if path.name == 'README.md')]
    run = {line for page in pages for line in re.findall(r'^ *\$ (.*)$', page, re.MULTILINE)}
    in_sentences = re.findall(r'`((?:nox|python) .*?)`', GUIDE)
    in_the_mail = re.findall(r'^ +\.venv/bin/(nox .*)$', GUIDE, re.MULTILINE)
    assert len(in_the_mail) == 2
    assert {*in_sentences, *in_the_mail} - run <= RUN_ELSEWHERE
