"""Tests of the instructor's guide: its timetables, and what it tells people to type."""

import re

import pytest

from helpers.grader.exercises import EXERCISES
from helpers.kit import ROOT
from slides import build
from slides.blocks import kit_texts

GUIDE = (build.HERE / 'INSTRUCTOR.md').read_text(encoding='utf-8')
WORKSHOP, TALK, HALF_A_DAY = '90 minutes', '45 minutes', 'Half a day'
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


@pytest.mark.parametrize('title', [WORKSHOP, TALK])
def test_a_timetable_agrees_with_the_minutes_of_the_deck(title, deck):
    rows = list(timetable(title))
    starts = {anchor: start for start, anchor, _ in rows}
    shown = [slide for slide in deck if title == WORKSHOP or not slide.workshop_only]
    clock, planned = 0, {}
    for slide in shown:
        if slide.anchor in starts:
            planned[slide.anchor] = clock
        clock += slide.minutes
    assert planned == starts
    assert clock == sum(minutes for _, _, minutes in rows)


def test_half_a_day_keeps_the_order_of_the_deck(deck):
    order = [slide.anchor for slide in deck]
    places = [order.index(anchor) for _, anchor, _ in timetable(HALF_A_DAY) if anchor]
    assert places == sorted(places)


def test_each_exercise_shows_the_minutes_of_its_notes(deck):
    for slide in deck:
        if slide.title.startswith('Your turn'):
            assert f'<strong>{slide.minutes} minutes.</strong>' in slide.html


def test_the_talk_skips_the_slides_that_the_guide_names(deck):
    skipped = [slide.title for slide in deck if slide.workshop_only]
    assert skipped[0] == 'Is everybody ready?'
    assert len(skipped) == 4
    assert all(title.startswith('Your turn') for title in skipped[1:])


def test_the_slides_count_the_bugs_and_recipes_that_exist():
    text = (build.HERE / 'deck.md').read_text(encoding='utf-8')
    bugs = [len(exercise.bugs) for exercise in EXERCISES.values() if exercise.grades_tests]
    assert bugs == [13, 16]
    assert 'plants thirteen bugs' in text
    assert 'Sixteen bugs.' in text
    recipes = list((ROOT / '03_asyncio/recipes').rglob('test_*.py'))
    assert f'{len(recipes)} recipes.' in text


def test_every_command_in_the_guide_is_run_by_a_test():
    pages = [GUIDE, *(text for path, text in kit_texts().items() if path.name == 'README.md')]
    run = {line for page in pages for line in re.findall(r'^ *\$ (.*)$', page, re.MULTILINE)}
    in_sentences = re.findall(r'`((?:nox|python) .*?)`', GUIDE)
    in_the_mail = re.findall(r'^ +\.venv/bin/(nox .*)$', GUIDE, re.MULTILINE)
    assert len(in_the_mail) == 2
    assert {*in_sentences, *in_the_mail} - run <= RUN_ELSEWHERE
