"""Checks of 03_asyncio/recipes: each answers one question, works alone, and can be found."""

import re
import sys

import pytest

from helpers.kit import ROOT
from helpers.tests.isolated import run_isolated

STAGE = ROOT / '03_asyncio'
RECIPES = sorted((STAGE / 'recipes').glob('*.py'))
LESSON = (STAGE / 'README.md').read_text(encoding='utf-8')
README = (ROOT / 'README.md').read_text(encoding='utf-8')


@pytest.fixture(scope='module', params=RECIPES, ids=lambda path: path.stem)
def recipe(request):
    return request.param


@pytest.fixture(scope='module')
def text(recipe):
    return recipe.read_text(encoding='utf-8')


@pytest.fixture(scope='module')
def needs(text):
    """Return the packages that a recipe says it needs besides pytest."""
    said = re.search(r'Needs: (.*)\.\n', text)
    return set(re.findall(r'`(\w+)`', said[1])) if said else set()


@pytest.fixture(scope='module')
def ended(recipe, needs, tmp_path_factory):
    folder = tmp_path_factory.mktemp('elsewhere')
    return run_isolated(recipe, folder, '-W', 'error', '-rA', helpers='helpers' in needs)


def test_one_question_in_forty_lines(recipe, text):
    question = text.splitlines()[0].removeprefix('"""')
    assert question.endswith('?')
    assert f'[{question}](recipes/{recipe.name})' in LESSON
    assert len(text.splitlines()) <= 40


def test_a_wrong_way_and_a_right_way(text):
    assert {*re.findall(r'def test_(wrong|right)_way', text)} == {'wrong', 'right'}


def test_it_needs_what_it_says(text, needs):
    imported = re.findall(r'^ *(?:import|from) (\w+)', text, re.MULTILINE)
    assert {*imported} - {*sys.stdlib_module_names, 'pytest'} == needs


def test_it_works_alone(ended):
    assert ended.returncode == 0, ended.stdout


def test_it_is_found_by_what_people_read(recipe, text, ended):
    rows = re.findall(rf'^\| (.*) \| .*\(03_asyncio/recipes/{recipe.name}\)', README, re.MULTILINE)
    assert rows
    shown = text.split('"""', 2)[2] + ended.stdout  # the docstring would be its own witness
    for message in re.findall('`([^`]+)`', ' '.join(rows)):
        assert message in shown
