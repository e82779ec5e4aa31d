"""Tests of the recipes: each answers one question, runs on its own, and can be found."""

import re
import sys

import pytest

from helpers.answers.index import read_index
from helpers.kit import ROOT
from helpers.tests.isolated import run_isolated

FOLDER = ROOT / '03_asyncio' / 'recipes'
MOST_LINES = 80
PLUGINS = {  # where the module is not the plugin
    'pytest_asyncio': 'pytest_asyncio.plugin',
    'pytest_django': 'pytest_django.plugin',
}
ANSWERS = read_index()
SCOPE = ['-o', 'asyncio_default_fixture_loop_scope=function']  # else pytest-asyncio warns


RECIPES = sorted(FOLDER.glob('*/test_*.py'))
ALONE = {'django', 'eventlet', 'gevent'}  # who imports these changes the whole process


def text_of(recipe):
    return recipe.read_text(encoding='utf-8')


def code_of(recipe):
    """Return a recipe without its docstring, which may name what the code never raises."""
    return text_of(recipe).split('"""', 2)[2]


def needs_of(recipe):
    """Return the packages that a recipe says it needs besides pytest."""
    sentence = re.search(r'Needs: (.*)\.\n', text_of(recipe))
    if sentence is None:
        return frozenset()
    return frozenset(re.findall(r'`(\w+)`', sentence[1]))


def plugins_of(recipe):
    return sorted(name for name in needs_of(recipe) if name.startswith('pytest_'))


def group_of(recipe):
    """Return the name of the group with which a recipe is run: it needs the same plugins."""
    topic = recipe.parent.name
    if needs_of(recipe) & ALONE:
        return f'{topic}/{recipe.stem}'
    helpers = ['helpers'] if 'helpers' in needs_of(recipe) else []
    return f'{topic}/{"+".join([*plugins_of(recipe), *helpers]) or "plain"}'


GROUPS = {group_of(recipe): [] for recipe in RECIPES}
for recipe in RECIPES:
    GROUPS[group_of(recipe)].append(recipe)


# The sessions choose by topic, which is the name of the folder.
@pytest.fixture(params=RECIPES, ids=lambda recipe: f'{recipe.parent.name}/{recipe.stem}')
def recipe(request):
    return request.param


@pytest.fixture
def answer(recipe):
    return answer_of(recipe)


def answer_of(recipe):
    """Return the recipe's entry in index.toml."""
    link = recipe.relative_to(ROOT).as_posix()
    answers = [answer for answer in ANSWERS if answer.link == link]
    assert len(answers) == 1, f'index.toml should have one answer that links to {link}'
    return answers[0]


def test_first_line_is_the_question_in_the_index(recipe, answer):
    question = text_of(recipe).splitlines()[0].removeprefix('"""')
    assert question.endswith('?')
    assert question == answer.question


def test_recipe_is_short(recipe):
    assert len(text_of(recipe).splitlines()) <= MOST_LINES


def test_recipe_shows_a_wrong_way_and_a_right_way(recipe):
    ways = set(re.findall(r'def test_(wrong|right)_way', text_of(recipe)))
    assert ways == {'wrong', 'right'}


def test_recipe_imports_only_what_it_says_it_needs(recipe):
    imported = set(re.findall(r'^ *(?:import|from) (\w+)', code_of(recipe), re.MULTILINE))
    imported -= {*sys.stdlib_module_names, 'pytest'}
    assert {*imported, *plugins_of(recipe)} == needs_of(recipe)  # a plugin need not be imported


@pytest.mark.parametrize('group', GROUPS)
def test_recipes_run_in_another_folder_and_show_the_messages_in_the_index(group, tmp_path):
    recipes = GROUPS[group]
    coverage = ['-p', 'pytest_cov.plugin', '--cov=.', '--cov-branch', '--cov-report=term-missing']
    if sys.platform != 'win32':  # where a few are skipped, such as those about signals
        coverage.append('--cov-fail-under=100')
    options = ['-W', 'error', '-rA', '--xfail-tb', *coverage]
    for plugin in plugins_of(recipes[0]):
        options += ['-p', PLUGINS.get(plugin, plugin)]
    if 'pytest_asyncio' in needs_of(recipes[0]):
        options += SCOPE
    helpers = 'helpers' in needs_of(recipes[0])
    run = run_isolated(recipes, tmp_path, *options, helpers=helpers)
    assert run.returncode == 0, run.stdout
    for recipe in recipes:
        for message in answer_of(recipe).messages:
            assert message in code_of(recipe) + run.stdout, recipe.name
