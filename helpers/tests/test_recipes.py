"""Tests of 03_asyncio/recipes: each answers one question, runs on its own, and can be found."""

import re
import sys

import pytest

from helpers.kit import ROOT
from helpers.tests.isolated import run_isolated

STAGE = ROOT / '03_asyncio'
RECIPES = sorted((STAGE / 'recipes').glob('*.py'))
LESSON = (STAGE / 'README.md').read_text(encoding='utf-8')
README = (ROOT / 'README.md').read_text(encoding='utf-8')
MOST_LINES = 60


@pytest.fixture(params=RECIPES, ids=lambda path: path.stem)
def recipe(request):
    return request.param


@pytest.fixture
def text(recipe):
    return recipe.read_text(encoding='utf-8')


@pytest.fixture
def code(text):
    """Return the recipe without its docstring, which may name what the code never raises."""
    return text.split('"""', 2)[2]


@pytest.fixture
def needs(text):
    """Return the packages that a recipe says it needs besides pytest."""
    sentence = re.search(r'Needs: (.*)\.\n', text)
    if sentence is None:
        return set()
    return set(re.findall(r'`(\w+)`', sentence[1]))


def test_first_line_is_the_question_that_the_lesson_links_to(recipe, text):
    question = text.splitlines()[0].removeprefix('"""')
    assert question.endswith('?')
    assert f'[{question}](recipes/{recipe.name})' in LESSON


def test_recipe_is_short(text):
    assert len(text.splitlines()) <= MOST_LINES


def test_recipe_shows_a_wrong_way_and_a_right_way(text):
    ways = set(re.findall(r'def test_(wrong|right)_way', text))
    assert ways == {'wrong', 'right'}


def test_recipe_imports_only_what_it_says_it_needs(code, needs):
    imported = set(re.findall(r'^ *(?:import|from) (\w+)', code, re.MULTILINE))
    assert imported - sys.stdlib_module_names - {'pytest'} == needs


# One test, so that each recipe runs only once: running it takes most of the time.
def test_recipe_runs_on_its_own_and_shows_the_messages_in_the_index(recipe, code, needs, tmp_path):
    run = run_isolated(recipe, tmp_path, '-W', 'error', '-rA', helpers='helpers' in needs)
    assert run.returncode == 0, run.stdout

    rows = re.findall(rf'^\| (.*) \| .*\(03_asyncio/recipes/{recipe.name}\)', README, re.MULTILINE)
    assert rows, 'the index in README.md has no row for this recipe'
    for message in re.findall('`([^`]+)`', ' '.join(rows)):
        assert message in code + run.stdout
