"""A file of tests and the code under test, read and not run: what is written where."""

import ast
import contextlib
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PARSING = threading.Lock()  # in Python 3.11 two threads at a time get a SystemError
Function = ast.FunctionDef | ast.AsyncFunctionDef
SET_UP = 'setUp', 'asyncSetUp'
PATCHES = 'patch', 'object', 'dict', 'multiple'  # as in mock.patch.object
Position = tuple[int, int, int, int]  # first line, last line, first column, last column


@contextlib.contextmanager
def quiet_parser() -> Iterator[None]:
    """Let one thread parse at a time, without a warning about what it reads."""
    with PARSING, warnings.catch_warnings():
        warnings.simplefilter('ignore')
        yield


@dataclass(frozen=True)
class Code:
    """The code under test: what it is called, what it defines, and with what it is tested."""

    module: str  # its name when imported
    functions: dict[str, bool]  # each public function, and whether it is a coroutine function
    classes: dict[str, bool]  # each public class, and whether it has a coroutine function
    names: frozenset[str]  # all that it defines
    lines: list[str]
    runner: str = ''  # what runs a coroutine in the tests, if that is a function of the learner's
    mocks_from: str = ''  # the file of the learner's from which AsyncMock comes, if any does
    plugins: tuple[str, ...] = ()  # the pytest plugins that the tests may use
    patch_only: tuple[str, ...] | None = None  # what tests may replace; None means any name

    @classmethod
    def read(cls, exercise: Any, text: str) -> 'Code':
        """Read the text of an exercise's code."""
        with quiet_parser():
            tree = ast.parse(text)
        functions, classes, stored = {}, {}, set()
        for node in tree.body:
            if isinstance(node, Function):
                functions[node.name] = isinstance(node, ast.AsyncFunctionDef)
            elif isinstance(node, ast.ClassDef):
                classes[node.name] = any(isinstance(n, ast.AsyncFunctionDef) for n in node.body)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                imported = [(part.asname or part.name).partition('.')[0] for part in node.names]
                stored |= {name for name in imported if name.islower()}  # no types
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
                stored |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
        checked = exercise.checked
        patch = exercise.patch
        return cls(
            exercise.source.stem,
            {name: value for name, value in functions.items() if not name.startswith('_')},
            {name: value for name, value in classes.items() if not name.startswith('_')},
            frozenset({*functions, *classes, *stored}),
            text.splitlines(),
            exercise.runner,
            Path(checked.name).stem if checked and 'AsyncMock' in checked.defines else '',
            tuple(exercise.plugins),
            None if patch is None else tuple(patch),
        )

    @property
    def asynchronous(self) -> bool:
        """Whether there is any coroutine function to test."""
        return any(self.functions.values()) or any(self.classes.values())

    @property
    def public(self) -> list[str]:
        """The public functions and classes."""
        return [*self.functions, *self.classes] or ['main']

    @property
    def a_coroutine(self) -> str:
        """A call of one of its coroutine functions, for an example."""
        names = [name for name, awaited in self.functions.items() if awaited]
        return f'{names[0]}(...)' if names else '...'

    def calls_without_await(self, name: str) -> str:
        """Return the first line that calls a function, or a method, without await; or ''."""
        called = re.compile(rf'\b{re.escape(name)}\(')
        for line in self.lines:
            words = line.split()
            if called.search(line) and 'await' not in words and 'def' not in words:
                return line.strip()
        return ''

    def is_plain(self, name: str) -> bool:
        """Whether a name is that of a `def`, or of several, and of no `async def`."""
        defined = [line.split(f'def {name}(')[0] for line in self.lines if f'def {name}(' in line]
        return bool(defined) and not any('async' in words for words in defined)

    @property
    def import_line(self) -> str:
        """The line that imports all functions."""
        return f'from {self.module} import {", ".join(self.public)}'

    def may_patch(self, name: str) -> bool:
        """Whether a test may replace one of its names."""
        return self.patch_only is None or name in self.patch_only

    def patch(self, name: str) -> str:
        """Return the decorator that replaces one of its names in a test."""
        # Where AsyncMock is Python's own, mock.patch chooses it by itself.
        new = ', new=AsyncMock()' if self.functions.get(name) and self.mocks_from else ''
        return f"@mock.patch('{self.module}.{name}'{new})"

    def line(self, number: int | None) -> str:
        """Return a line without its indentation; '' where there is none."""
        return self.lines[number - 1].strip() if number and number <= len(self.lines) else ''


class Source:
    """A learner's file of tests, read and not run."""

    def __init__(self, path: Path) -> None:
        """Read it; what is no Python counts as empty."""
        self.tree, self.lines = ast.Module([], []), []
        with suppress(OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            text = path.read_text(encoding='utf-8-sig')
            with quiet_parser():
                self.tree = ast.parse(text)
            self.lines = text.splitlines()
        self.nodes = list(ast.walk(self.tree))
        self.functions = {node.name: node for node in self.nodes if isinstance(node, Function)}
        self.called = {id(node.func) for node in self.nodes if isinstance(node, ast.Call)}
        self.alone = {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        self.alone |= {id(node.test) for node in self.nodes if isinstance(node, ast.Assert)}

    @cached_property
    def parents(self) -> dict[int, ast.AST]:
        """The node around each node, by the latter's id()."""
        return {id(child): node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def asserts(self) -> bool:
        """Whether there is any assertion; a test that only crashes has not asked anything."""
        return any(_is_assertion(node) for node in self.nodes)

    def imports(self, *modules: str) -> int:
        """Return the first line that imports one of some modules, or from it; 0 if none does."""
        found = self.imported(*modules)
        return found[0] if found else 0

    def imported(self, *modules: str) -> tuple[int, list[str]] | None:
        """Return the first line that imports from one of some modules, and the names it imports."""
        for node in self.nodes:
            if isinstance(node, ast.Import) and any(name.name in modules for name in node.names):
                return node.lineno, []
            if isinstance(node, ast.ImportFrom) and node.module in modules and not node.level:
                return node.lineno, [name.name for name in node.names]
        return None

    def imported_from_elsewhere(self, names: set[str], module: str) -> tuple[int, str] | None:
        """Return the line that imports one of some names from another module, and that module."""
        for node in self.nodes:
            if not isinstance(node, ast.ImportFrom) or node.module in (None, module):
                continue
            if names & {name.name for name in node.names}:
                return node.lineno, str(node.module)
        return None

    def relative_import(self, line: int) -> str:
        """Return the import of a line with a leading dot as it should be; '' if it has none."""
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom) and node.lineno == line and node.level:
                names = ', '.join(name.name for name in node.names)
                return f'from {node.module} import {names}' if node.module else f'import {names}'
        return ''

    def line(self, number: int) -> str:
        """Return a line; '' where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ''

    def function_at(self, line: int | None) -> Function | None:
        """Return the function that begins in a line: with its decorators, or with its name."""
        for node in self.functions_in_order:
            decorators = [decorator.lineno for decorator in node.decorator_list]
            if line is not None and min([node.lineno, *decorators]) <= line <= node.lineno:
                return node
        return None

    @cached_property
    def functions_in_order(self) -> list[Function]:
        """All functions and methods, from the top."""
        functions = [node for node in self.nodes if isinstance(node, Function)]
        return sorted(functions, key=lambda node: node.lineno)

    def call_at(self, position: Position) -> ast.Call | None:
        """Return the call, awaited or not, at a position that a traceback has named."""
        for node in self.nodes:
            call = node.value if isinstance(node, ast.Await) else node
            if isinstance(call, ast.Call):
                place = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)  # type: ignore[attr-defined]
                if place == position:
                    return call
        return None

    def calls(self, name: str) -> bool:
        """Whether anything calls a function by its name, or as an attribute of a module."""
        calls = [node for node in self.nodes if isinstance(node, ast.Call)]
        return any(ast.unparse(call.func).rpartition('.')[2] == name for call in calls)

    def call_in_line(self, line: int, name: str) -> ast.Call | None:
        """Return the call of a function, or of a method, in a line."""
        for node in self.nodes:
            if not isinstance(node, ast.Call) or not node.lineno <= line <= (node.end_lineno or 0):
                continue
            if ast.unparse(node.func).rpartition('.')[2] == name:
                return node
        return None

    def is_in_a_with(self, node: ast.AST) -> bool:
        """Whether a node is a statement of a `with` block."""
        return isinstance(self.parents.get(id(node)), ast.With)

    def is_of_a_side_effect(self, node: ast.AST | None) -> bool:
        """Whether a node is what a lambda returns that is given to side_effect."""
        holder = self.parents.get(id(node))
        return isinstance(holder, ast.Lambda) and self.attribute_of_a_mock(holder) == 'side_effect'

    def attribute_of_a_mock(self, node: ast.AST | None) -> str:
        """Return which of side_effect and return_value a node is given to; '' if to neither."""
        holder = self.parents.get(id(node))
        name = ''
        if isinstance(holder, ast.keyword):
            name = str(holder.arg)
        elif isinstance(holder, ast.Assign) and isinstance(holder.targets[0], ast.Attribute):
            name = holder.targets[0].attr
        return name if name in ('side_effect', 'return_value') else ''

    def exit_that_swallows(self) -> int:
        """Return the first line that lets __exit__ or __aexit__ be a mock, which is true; or 0."""
        for node in self.nodes:
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            target = ast.unparse(node.targets[0]).rpartition('.')[2]
            made = ast.unparse(node.value.func).rpartition('.')[2]
            by_itself = made.endswith('Mock') and not node.value.args and not node.value.keywords
            if target in ('__exit__', '__aexit__') and by_itself:
                return node.lineno
        return 0

    def patches_never_started(self, test: Function | None) -> Iterator[ast.Call]:
        """Yield the calls of mock.patch, in a test and in its set-up, whose result is dropped."""
        holder = self.parents.get(id(test))
        around = holder.body if isinstance(holder, ast.ClassDef) else []
        set_up = [node for node in around if isinstance(node, Function) and node.name in SET_UP]
        functions = [test, *set_up] if test else set_up
        for function in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Expr) and _is_call_of_patch(node.value):
                    yield node.value  # type: ignore[misc]

    def is_method(self, function: Function | None) -> bool:
        """Whether a function stands in a class that is derived from another, such as a TestCase."""
        holder = self.parents.get(id(function))
        return isinstance(holder, ast.ClassDef) and bool(holder.bases)

    def call_around(self, node: ast.AST) -> ast.Call | None:
        """Return the call that a node, or what awaits it, is an argument of."""
        parent = self.parents.get(id(node))
        if isinstance(parent, ast.Await):
            node = parent
            parent = self.parents.get(id(node))
        if isinstance(parent, ast.Call) and node is not parent.func:
            return parent
        return None

    def dict_patches(self, function: Function | None) -> bool:
        """Whether mock.patch.dict decorates a function."""
        decorators = function.decorator_list if function else []
        return any(
            isinstance(node, ast.Call) and ast.unparse(node.func).endswith('patch.dict')
            for node in decorators
        )

    def skips_on_condition(self, test: Function | None, line: int | None) -> bool:
        """Whether a test is skipped by a decorator with a condition, or inside an `if`."""
        holder: ast.AST | None = test
        while holder is not None:
            for decorator in getattr(holder, 'decorator_list', []):
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                name = ast.unparse(called).lower()
                arguments = decorator.args if isinstance(decorator, ast.Call) else []
                computed = [each for each in arguments if not isinstance(each, ast.Constant)]
                constant = isinstance(decorator, ast.Call) and not computed
                if name.endswith(('skipif', 'skipunless')) and not constant:
                    return True
            holder = self.parents.get(id(holder))
        branches = [node for node in self.nodes if isinstance(node, ast.If | ast.Try)]
        if line is not None:
            return any(node.lineno < line <= (node.end_lineno or 0) for node in branches)
        inside = {id(node) for node in ast.walk(test)} if test else set()
        return any(
            isinstance(part, ast.Call) and 'skip' in ast.unparse(part.func).lower()
            for node in branches
            if id(node) in inside
            for part in ast.walk(node)
        )

    def why_not_collected(self) -> str:
        """Why pytest may have found no test."""
        for node in self.nodes:
            if isinstance(node, Function) and node.name in ('__init__', '__new__'):
                return (
                    f'Line {node.lineno}: pytest leaves out a class with an {node.name}; use setUp.'
                )
        for node in self.nodes:
            if isinstance(node, Function) and 'test' in node.name.lower():
                if not node.name.startswith('test'):
                    return f'Line {node.lineno}: a test is one if its name starts with test_.'
                if isinstance(node, ast.FunctionDef):
                    return (
                        f'{node.name} (line {node.lineno}) is in no place where it would be found: '
                        'put it into a class Test...(unittest.TestCase), or outside any class.'
                    )
        for node in self.nodes:
            if isinstance(node, Function):
                name = f'{node.name} (line {node.lineno})'
                return f'{name} is not a test: its name would start with test_.'
        return ''

    def left_out(self, collected: set[str], ran: set[int]) -> str:
        """Which test is written and not collected, and why; '' if there is none.

        The node ids of the collected tests, without the file, and the lines that have run say so.
        """
        classes = {name.rpartition('::')[0] for name in collected}
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.name not in classes:
                tests = _methods_named_test(node)
                if tests and not any(self._body_ran(test, ran) for test in tests):
                    return f'{node.name} (line {node.lineno}) is left out. {_why_left_out(node)}'
        for node in self.functions_in_order:
            if node.name.startswith('test') or self._body_ran(node, ran):
                continue
            holder = self.parents.get(id(node))
            top = holder is self.tree
            method = isinstance(holder, ast.ClassDef) and holder.name in classes
            like_a_test = 'test' in node.name.lower() or _distance_to_test(node.name)
            if (top or method) and like_a_test and any(map(_is_assertion, ast.walk(node))):
                return (
                    f'{node.name} (line {node.lineno}) is left out: the name of a test starts '
                    'with test_.'
                )
        return ''

    def _body_ran(self, node: Function, ran: set[int]) -> bool:
        lines = {
            part.lineno
            for statement in node.body
            for part in ast.walk(statement)
            if isinstance(part, ast.stmt)
        }
        return bool(lines & ran)

    def assertion_that_never_ran(self, test: Function | None, ran: set[int]) -> ast.stmt | None:
        """Return the first assertion that a test holds, and that never ran.

        It is in a function, or in a `with` that expects an exception, below what raises it.
        """
        for node in ast.walk(test) if test else ():
            if isinstance(node, ast.With) and _expects_an_exception(node):
                for statement in node.body:
                    asserts = any(map(_is_assertion, ast.walk(statement)))
                    if asserts and not {*range(statement.lineno, statement.end_lineno + 1)} & ran:  # type: ignore[operator]
                        return statement
            if isinstance(node, Function) and node is not test and not self._body_ran(node, ran):
                for statement in node.body:
                    if any(map(_is_assertion, ast.walk(statement))):
                        return statement
        return None

    def fake_assertion(self, misspelt: set[tuple[str, int]]) -> tuple[str, str] | None:
        """Return what only looks like an assertion, and what to do about it.

        The attributes that a mock has made up, each with its line, say what is misspelt.
        """
        for node in self.nodes:
            if isinstance(node, ast.Assert) and isinstance(node.test, ast.Tuple) and node.test.elts:
                return (
                    f'Line {node.lineno} asserts a tuple, which is always true.',
                    'Take the parentheses away: assert a == b, "why".',
                )
            if compared := _compared_in_vain(node):
                return (
                    f'Line {compared.line} compares nothing: {compared.message}, after the comma, '
                    'is only what a failure says.',
                    f'Write {compared.right}.',
                )
            if isinstance(node, ast.Attribute) and self._asserts_nothing(node, misspelt):
                name = node.attr.removeprefix('assert_')
                return (
                    f'Line {node.lineno}: {node.attr} only looks like an assertion; '
                    'it checks nothing.',
                    f'Write .assert_{name}(...), with assert_ and with parentheses.',
                )
        return None

    def _asserts_nothing(self, node: ast.Attribute, misspelt: set[tuple[str, int]]) -> bool:
        if any((node.attr, line) in misspelt for line in range(node.lineno, node.end_lineno + 1)):  # type: ignore[operator]
            return id(node) in self.called
        unknown = node.attr not in self._own_names
        return unknown and node.attr.startswith('assert_') and id(node) in self.alone

    @cached_property
    def _own_names(self) -> set[str]:
        # A hand-written fake may well have a method or an attribute of such a name.
        stored = [
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in self.nodes
            if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        return {*self.functions, *stored}

    def targets(self, node: ast.AST | None) -> Iterator[tuple[str, int]]:
        """Yield what mock.patch('...') replaces within a node, and the line; not patch.dict."""
        for call in ast.walk(node) if node else ():
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = ast.unparse(call.func).rpartition('.')[2]
            target = call.args[0]
            if not isinstance(target, ast.Constant) or not isinstance(target.value, str):
                continue
            if 'patch' in name:
                yield target.value, target.lineno

    def redefines(self, names: set[str]) -> str:
        """Which function under test the file defines for itself."""
        for node in self.tree.body:
            if isinstance(node, Function) and node.name in names:
                return f'Line {node.lineno} defines a {node.name}() of its own.'
        return ''

    def duplicate_test(self) -> str:
        """Which test is written twice under one name, so that only the last one runs."""
        for holder in self.nodes:
            seen: dict[str, int] = {}
            body = getattr(holder, 'body', None)
            for node in body if isinstance(body, list) else []:
                if isinstance(node, Function | ast.ClassDef) and node.name[:4].lower() == 'test':
                    if node.name in seen:
                        what = 'classes' if isinstance(node, ast.ClassDef) else 'tests'
                        return (
                            f'Two {what} are called {node.name} (lines {seen[node.name]} and '
                            f'{node.lineno}); only the last one runs.'
                        )
                    seen[node.name] = node.lineno
        return ''


def _expects_an_exception(node: ast.With) -> bool:
    """Whether a `with` statement is one of assertRaises or pytest.raises."""
    calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any('raises' in ast.unparse(call.func).lower() for call in calls)


@dataclass(frozen=True)
class ComparedInVain:
    """An assertion such as `assert count, 3` or `self.assertTrue(count, 3)`."""

    line: int
    message: str
    right: str  # how to compare the two


def _is_call_of_patch(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    words = ast.unparse(node.func).split('.')
    return 'patch' in words[-2:] and words[-1] in PATCHES


def _is_assert_true_with_a_message(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or len(node.args) != 2:
        return False
    return ast.unparse(node.func) == 'self.assertTrue'


def _compared_in_vain(node: ast.AST) -> ComparedInVain | None:
    if isinstance(node, ast.Assert):
        looked_at, message, right = node.test, node.msg, 'assert {} == {}'
    elif _is_assert_true_with_a_message(node):
        looked_at, message = node.args  # type: ignore[attr-defined]
        right = 'self.assertEqual({}, {})'
    else:
        return None
    if not isinstance(message, ast.Constant) or isinstance(message.value, str):
        return None
    if isinstance(looked_at, ast.Compare | ast.BoolOp | ast.UnaryOp):  # it asks something
        return None
    written = ast.unparse(message)
    return ComparedInVain(node.lineno, written, right.format(ast.unparse(looked_at), written))  # type: ignore[attr-defined]


def _is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert | ast.Raise):
        return True
    name = getattr(node, 'attr', getattr(node, 'id', ''))
    words = ('assert', 'raises', 'fail', 'warns')
    return isinstance(name, str) and any(word in name.lower() for word in words)


def _methods_named_test(node: ast.ClassDef) -> list[Function]:
    return [part for part in node.body if isinstance(part, Function) and part.name[:4] == 'test']


def _why_left_out(node: ast.ClassDef) -> str:
    for part in node.body:
        if isinstance(part, Function) and part.name in ('__init__', '__new__'):
            return (
                f'pytest collects no class with an {part.name} (line {part.lineno}): '
                'use setUp, or setup_method.'
            )
        if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == '__test__':
            return f'Line {part.lineno} tells pytest not to collect it.'
    if not node.name.startswith('Test'):
        return 'A class of tests derives from unittest.TestCase, or its name starts with Test.'
    return 'Derive it from unittest.TestCase.'


def _distance_to_test(name: str) -> bool:
    """Whether a name begins like a misspelt test_."""
    return sorted(name[:4].lower()) == sorted('test') or name.lower().startswith(('tes_', 'tst_'))
