"""Tests of the recipes: each answers one question, runs on its own, and can be found."""

import re
import sys

import pytest

from helpers.answers.index import read_index
from helpers.kit import ROOT
from helpers.tests.isolated import run_isolated

FOLDER = ROOT / '03_asyncio' / 'recipes'
MOST_LINES = 80
PLUGINS = {'pytest_asyncio': 'pytest_asyncio.plugin'}  # where the module is not the plugin
SCOPE = ['-o', 'asyncio_default_fixture_loop_scope=function']  # else pytest-asyncio warns


RECIPES = sorted(FOLDER.glob('*/test_*.py'))


# The sessions choose by topic, which is the name of the folder.
@pytest.fixture(params=RECIPES, ids=lambda recipe: f'{recipe.parent.name}/{recipe.stem}')
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


@pytest.fixture
def answer(recipe):
    """Return the recipe's entry in index.toml."""
    link = recipe.relative_to(ROOT).as_posix()
    answers = [answer for answer in read_index() if answer.link == link]
    assert len(answers) == 1, f'index.toml should have one answer that links to {link}'
    return answers[0]


def test_first_line_is_the_question_in_the_index(text, answer):
    question = text.splitlines()[0].removeprefix('"""')
    assert question.endswith('?')
    assert question == answer.question


def test_recipe_is_short(text):
    assert len(text.splitlines()) <= MOST_LINES


def test_recipe_shows_a_wrong_way_and_a_right_way(text):
    ways = set(re.findall(r'def test_(wrong|right)_way', text))
    assert ways == {'wrong', 'right'}


def test_recipe_imports_only_what_it_says_it_needs(code, needs):
    imported = set(re.findall(r'^ *(?:import|from) (\w+)', code, re.MULTILINE))
    imported -= {*sys.stdlib_module_names, 'pytest'}
    plugins = {name for name in needs if name.startswith('pytest_')}  # need not be imported
    assert imported | plugins == needs


# One test, so that each recipe runs only once: running it takes most of the time.
def test_recipe_runs_on_its_own_and_shows_the_messages_in_the_index(
    recipe, code, needs, answer, tmp_path
):
    coverage = ['-p', 'pytest_cov.plugin', '--cov=.', '--cov-branch', '--cov-fail-under=100']
    options = ['-W', 'error', '-rA', '--xfail-tb', *coverage, '--cov-report=term-missing']
    for plugin in needs:
        if plugin.startswith('pytest_'):
            options += ['-p', PLUGINS.get(plugin, plugin)]
    if 'pytest_asyncio' in needs:
        options += SCOPE
    run = run_isolated(recipe, tmp_path, *options, helpers='helpers' in needs)
    assert run.returncode == 0, run.stdout
    for message in answer.messages:
        assert message in code + run.stdout
