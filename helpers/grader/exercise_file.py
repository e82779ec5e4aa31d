"""exercise.toml: what it may say, and what is wrong with one that says something else."""

import ast
import difflib
import keyword
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.grader.source import Function, quiet_parser

FILE = 'exercise.toml'
HIDDEN = '.exercise'  # beside the code of a stage, and out of sight


class ExerciseError(Exception):
    """An exercise cannot be used: one sentence that names the key, and says what to do."""


# What each key holds, with an example; the first three, and `source` or `runs`, must be there.
TEXT, NUMBER, FLAG, TEXTS, HINTS, TABLES = 'text', 'number', 'flag', 'texts', 'hints', 'tables'
KEYS = {
    'title': (TEXT, 'title = "Called or awaited"'),
    'minutes': (NUMBER, 'minutes = 6'),
    'read': (TEXTS, 'read = ["README.md"]'),
    'source': (TEXT, 'source = "my_module.py"'),
    'runs': (TEXT, 'runs = "../server"'),
    'next': (TEXT, 'next = "README.md"'),
    'cover': (TEXTS, 'cover = ["fetch", "Client.close"]'),
    'patch': (TEXTS, 'patch = ["send_mail"]'),
    'plugins': (TEXTS, 'plugins = ["pytest_asyncio"]'),
    'runner': (TEXT, 'runner = "run_coroutine"'),
    'final': (FLAG, 'final = true'),
    'hints': (HINTS, 'hints = ["Which call is never awaited?"]'),
    'write': (TABLES, '[[write]]'),
    'correct': (TABLES, '[[correct]]'),
    'bug': (TABLES, '[[bug]]'),
}
REQUIRED = ('title', 'minutes', 'read')
PARTS = {  # of a table: the keys that it must have, and those that it may have
    'write': (
        ('file',),
        ('starter', 'solution', 'sha256', 'checks', 'defines', 'not_from', 'change'),
    ),
    'correct': (('old', 'new'), ()),
    'bug': (('name', 'old', 'new', 'symptom', 'ask'), ()),
}
LISTS = ('defines', 'not_from', 'change')  # the parts of a table that are no text
PLUGINS = {'pytest_asyncio': 'pytest_asyncio.plugin'}  # what an exercise may ask for
# Beside the standard library: what the tests import, or what imports the tests.
NAMES_IN_USE = ('conftest', 'coverage', 'helpers', 'pluggy', 'pytest', 'pytest_asyncio')


def read_exercise(folder: Path) -> dict[str, Any]:
    """Return what a folder's exercise.toml says.

    Raises ExerciseError if it is not there, or says what it cannot say.
    """
    path = folder / FILE
    try:
        data = tomllib.loads(path.read_text(encoding='utf-8-sig'))
    except OSError:
        raise ExerciseError(
            f'{folder} has no {FILE}. To make one: nox -s new_exercise -- FOLDER MODULE.py'
        ) from None
    except UnicodeDecodeError:
        raise ExerciseError(f'{path} is not UTF-8: save it as UTF-8.') from None
    except tomllib.TOMLDecodeError as error:
        raise ExerciseError(f'{path} is not valid TOML: {error}. Fix that line.') from None
    try:
        _check_keys(data)
        if 'source' in data:
            _check_source(folder, data)
    except ExerciseError as error:
        raise ExerciseError(f'{path}: {error}') from None
    return data


def _check_keys(data: dict[str, Any]) -> None:
    for key, value in data.items():
        if key not in KEYS:
            raise ExerciseError(f'there is no key `{key}`. {_instead_of(key, KEYS)}')
        kind, example = KEYS[key]
        if not _is(kind, value):
            raise ExerciseError(
                f'`{key}` has the wrong kind of value: write, for example, {example}.'
            )
    for key in REQUIRED:
        if key not in data:
            raise ExerciseError(f'`{key}` is missing: add {KEYS[key][1]}.')
    if 'source' in data and 'runs' in data:
        raise ExerciseError('`source` and `runs` exclude each other: remove `runs`.')
    if 'source' not in data and 'runs' not in data:
        raise ExerciseError(f'`source` is missing: add {KEYS["source"][1]}.')
    if 'source' in data and not data.get('bug'):
        raise ExerciseError('`bug` is missing: add at least one [[bug]].')
    for key in PARTS:
        for number, part in enumerate(data.get(key, []), 1):
            _check_part(key, number, part)
    for plugin in data.get('plugins', []):
        if plugin not in PLUGINS:
            raise ExerciseError(f'`plugins` has {plugin!r}: there is only {", ".join(PLUGINS)}.')


def _is(kind: str, value: Any) -> bool:
    if kind == TEXT:
        return isinstance(value, str) and bool(value.strip())
    if kind == NUMBER:
        return type(value) is int and value > 0
    if kind == FLAG:
        return isinstance(value, bool)
    if kind == TABLES:
        return isinstance(value, list) and all(isinstance(part, dict) for part in value)
    if kind == HINTS and isinstance(value, dict):
        return all(_is(TEXTS, hints) for hints in value.values())
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _check_part(key: str, number: int, part: dict[str, Any]) -> None:
    required, optional = PARTS[key]
    where = f'[[{key}]] number {number}'
    for name, value in part.items():
        if name not in required + optional:
            instead = _instead_of(name, required + optional)
            raise ExerciseError(f'{where} has no key `{name}`. {instead}')
        if name not in LISTS and not isinstance(value, str):
            raise ExerciseError(f'`{name}` in {where} is not text: put it in quotes.')
        if name in LISTS and not isinstance(value, list):
            raise ExerciseError(f'`{name}` in {where} is not a list: put it in brackets.')
    for name in required:
        if name not in part:
            raise ExerciseError(f'`{name}` is missing in {where}: add {name} = "...".')


def _instead_of(name: str, names: Iterable[str]) -> str:
    """Return which of some names was meant; all of them if that is not clear."""
    close = difflib.get_close_matches(name, names, 1)
    if close:
        return f'Did you mean `{close[0]}`?'
    return f'There are {", ".join(names)}.'


def _check_source(folder: Path, data: dict[str, Any]) -> None:
    """Check what is said about the code under test against the code itself."""
    source = folder / data['source']
    code_folder = folder.resolve().parent if folder.name == HIDDEN else folder.resolve()
    if source.resolve().parent != code_folder:
        raise ExerciseError(
            f'`source` names {data["source"]}, which is in another folder: put it next to {FILE}.'
        )
    if wrong := wrong_name(source):
        raise ExerciseError(f'`source` names {source.name}, which {wrong}')
    try:
        text = source.read_text(encoding='utf-8')
    except OSError:
        raise ExerciseError(
            f'`source` names {data["source"]}, which cannot be read: put that file there.'
        ) from None
    except UnicodeDecodeError:
        raise ExerciseError(
            f'`source` names {data["source"]}, which is not UTF-8: save it as UTF-8.'
        ) from None
    definitions = definitions_in(parsed(text, data['source']))
    for key in 'cover', 'patch':
        for name in data.get(key, []):
            if name not in definitions[key] and name.partition('.')[0] not in definitions[key]:
                instead = _instead_of(name, definitions[key])
                raise ExerciseError(
                    f'`{key}` has {name!r}, which is not in {source.name}. {instead}'
                )
    for key in 'correct', 'bug':
        for number, change in enumerate(data.get(key, []), 1):
            _check_change(f'[[{key}]] number {number}', change, text, source.name)


def _check_change(where: str, change: dict[str, str], text: str, file: str) -> None:
    times = text.count(change['old'])
    if times != 1:
        quote = 'more of the code around it' if times else 'the code exactly as it is there'
        raise ExerciseError(
            f'`old` in {where} occurs {times} times in {file}, and must occur exactly once: '
            f'quote {quote}.'
        )
    if change['old'] == change['new']:
        raise ExerciseError(f'`new` in {where} is the same as `old`: change it.')
    parsed(text.replace(change['old'], change['new']), f'{file} with `new` of {where}')


def parsed(text: str, what: str) -> ast.Module:
    """Return the syntax tree of some code; raise ExerciseError if it is not Python."""
    try:
        with quiet_parser():
            return ast.parse(text)
    except SyntaxError as error:
        raise ExerciseError(
            f'{what} is not valid Python: line {error.lineno}: {error.msg}. Fix it.'
        ) from None


def wrong_name(module: Path) -> str:
    """Say why tests cannot import a file by its name, and what to do; '' if they can."""
    name = module.stem
    if module.suffix != '.py':
        return 'is not a Python file: name one that ends in .py.'
    if not name.isidentifier() or keyword.iskeyword(name):
        return 'cannot be imported: rename it, with letters, digits and _ only.'
    if name in sys.stdlib_module_names:
        return f"hides Python's own module {name}: give it another name."
    if name in NAMES_IN_USE or name.startswith('_pytest'):
        return f'hides {name}, which the tests need: give it another name.'
    if name.startswith('test_') or name.endswith('_test'):
        return 'is a file of tests, for pytest: name the code that they test.'
    return ''


def definitions_in(tree: ast.Module) -> dict[str, list[str]]:
    """Return the functions that can be covered, and the names that tests can replace."""
    functions, names = [], []
    for node in tree.body:
        if isinstance(node, Function):
            functions.append(node.name)
            names.append(node.name)
        elif isinstance(node, ast.ClassDef):
            methods = [part.name for part in node.body if isinstance(part, Function)]
            functions += [f'{node.name}.{method}' for method in methods]
            names.append(node.name)
        else:
            names += _stored(node)
    return {'cover': functions, 'patch': names}


def _stored(statement: ast.stmt) -> list[str]:
    """Return the names that a statement assigns or imports."""
    names = []
    for part in ast.walk(statement):
        if isinstance(part, ast.alias):
            names.append((part.asname or part.name).partition('.')[0])
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.append(part.id)
    return names
