"""The files of a new exercise, as far as they can be written from the code under test."""

import ast
import json
import re
from pathlib import Path

from helpers.grader.exercise_file import FILE, definitions_in
from helpers.grader.propose import Proposal, propose_bugs
from helpers.grader.source import Function

TODO = 'TODO'
LINE_LENGTH = 88


def exercise_toml(module: str, text: str, tree: ast.Module) -> str:
    """Return an exercise.toml, with the bugs that the code suggests."""
    names = definitions_in(tree)
    public_names = [name for name in names['cover'] if not re.search(r'\b_', name)]
    covered = _quoted([*public_names, 'function'][0])
    patched = _quoted(names['patch'][0])
    bugs = '\n\n'.join(map(_bug, _proposals(text)))
    return f'''\
# An exercise. To check it: nox -s new_exercise -- FOLDER
# A text that begins with {TODO} is yours to write. A line that begins with # and a key is optional.

title = "{TODO}: one idea, in a few words"
minutes = 10  # that learners need
read = []  # what explains it, such as a lesson or a page: at least one
source = {_quoted(module)}  # the code under test, next to this file
# cover = [{covered}]  # functions whose every line and branch must run; without it, all
# patch = [{patched}]  # the names in {module} that tests may replace; [] for none
# plugins = ["pytest_asyncio"]  # what the tests need besides pytest
# next = "README.md"  # what learners read once they have solved it
hints = [  # at least three
    "{TODO}: a nudge",
    "{TODO}: where to look",
    "{TODO}: nearly the answer",
]

# The same behaviour, written differently: tests must not depend on how the code is written.
# [[correct]]
# old = "..."
# new = "..."

# Bugs: four to eight. Keep what people really write, and what a test can notice. `old` occurs
# exactly once in {module}. Learners see `name` once their tests catch the bug, `ask` until then,
# and `symptom` with --hint.
{bugs}
'''


def _quoted(text: str) -> str:
    """Return a text as a string of TOML, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False)


def _proposals(text: str) -> list[Proposal]:
    """Return the bugs that the code suggests; if there are none, one to be written."""
    nothing = Proposal(f'{TODO}: what goes wrong', f'{TODO}: the code', f'{TODO}: the wrong code')
    return propose_bugs(text) or [nothing]


def _bug(proposal: Proposal) -> str:
    return f'''\
[[bug]]
name = {_quoted(proposal.name)}
old = {_quoted(proposal.old)}
new = {_quoted(proposal.new)}
symptom = "{TODO}: what does somebody see in production?"
ask = "{TODO}: which question leads to the missing assertion, and does not give it away?"'''


def starter(module: str, tree: ast.Module, work: str) -> str:
    """Return the tests that learners begin with."""
    docstring = f'''\
"""Write the tests of {module}. The file to edit is {work}/test_{module}.

Read {module} first: it is correct, and you need not change it.
"""
'''
    return docstring + _tests(module, tree, 'Write this test: ')


def solution(module: str, tree: ast.Module) -> str:
    """Return tests that the author has to finish."""
    return f'"""One way to test {module}."""\n' + _tests(module, tree, f'{TODO}: ')


def _tests(module: str, tree: ast.Module, what_to_do: str) -> str:
    stem = module.removesuffix('.py')
    subjects = public(tree)
    asynchronous = any(map(is_asynchronous, subjects.values()))
    case = 'IsolatedAsyncioTestCase' if asynchronous else 'TestCase'
    camel = ''.join(part.capitalize() for part in stem.split('_'))
    lines = ['', 'import unittest', '', _import_line(stem, sorted(subjects)), '', '']
    lines.append(f'class Test{camel}(unittest.{case}):')
    for name, node in subjects.items():
        keyword = 'async def' if is_asynchronous(node) else 'def'
        call = f'{name}()' if isinstance(node, Function) else name
        lower = _snake(name)
        test = name if lower in subjects else lower
        lines.append(f'    {keyword} test_{test}(self):')
        lines.append(f"        self.fail('{what_to_do}what should {call} do?')")
        lines.append('')
    return '\n'.join(lines)


def public(tree: ast.Module) -> dict[str, ast.stmt]:
    """Return the public functions and classes of some code, by their names."""
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith('_'):
            found[node.name] = node
    return found


def is_asynchronous(node: ast.stmt) -> bool:
    """Return whether it is a coroutine function, or a class that has one."""
    parts = node.body if isinstance(node, ast.ClassDef) else [node]
    return any(isinstance(part, ast.AsyncFunctionDef) for part in parts)


def _import_line(stem: str, names: list[str]) -> str:
    line = f'from {stem} import {", ".join(names)}'
    if len(line) <= LINE_LENGTH:
        return line
    listed = ''.join(f'    {name},\n' for name in names)
    return f'from {stem} import (\n{listed})'


def _snake(name: str) -> str:
    """Return the name of a class as part of the name of a function."""
    return re.sub('(?<=[a-z0-9])(?=[A-Z])', '_', name).lower()


def readme(module: str, work: str) -> str:
    """Return the task, for learners."""
    return f"""\
# {TODO}: one idea, in a few words

{TODO}: what `{module}` does, in one sentence.

1. Read `{module}`. It is correct: write tests that would fail if it were not.
2. In the folder of the kit, run `nox -s drill -- "FOLDER"`, with the path of this folder.
3. That creates the file to edit, `{work}/test_{module}`. Write a test, save, and run the command
   again: it reports what is right, what is missing, and your next step.
4. Stuck? Add `--hint` to the command. Each time, it gives one hint more.
"""


def write(folder: Path, module: str, text: str, tree: ast.Module, work: str) -> dict[str, bool]:
    """Write the files that a folder does not have; return each name, and whether it is new."""
    contents = {
        module: text,
        f'starter/test_{module}': starter(module, tree, work),
        f'solution/test_{module}': solution(module, tree),
        'README.md': readme(module, work),
        FILE: exercise_toml(module, text, tree),  # the last: with it, the folder is an exercise
    }
    written = {}
    for name, content in contents.items():
        path = folder / name
        written[name] = not path.exists()
        if written[name]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding='utf-8')
    return written
