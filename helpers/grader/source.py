"""A learner's file of tests, read and not run: what people get wrong, in a sentence each."""

import ast
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

PATCHABLE = {'send_to_client', 'trigger_event', 'client', 'handlers'}
# What MagicMock takes for an assertion's name. From Python 3.12 on it refuses them by itself.
MISSPELT_ASSERTIONS = {
    'called_once',
    'called_once_with',
    'called_with',
    'any_call',
    'has_calls',
    'not_called',
    'awaited_once',
    'awaited_once_with',
    'awaited_with',
}
PARSING = threading.Lock()  # in Python 3.11 two threads at a time get a SystemError
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """A learner's file of tests, read and not run."""

    def __init__(self, path: Path) -> None:
        """Read it; what is no Python counts as empty."""
        self.tree, self.lines = ast.Module([], []), []
        with suppress(OSError, SyntaxError, ValueError, RecursionError, MemoryError), PARSING:
            text = path.read_text(encoding='utf-8-sig')
            self.tree, self.lines = ast.parse(text), text.splitlines()
        self.nodes = list(ast.walk(self.tree))
        self.functions = {node.name: node for node in self.nodes if isinstance(node, Function)}
        self.called = {id(node.func) for node in self.nodes if isinstance(node, ast.Call)}
        self.alone = {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        self.alone |= {id(node.test) for node in self.nodes if isinstance(node, ast.Assert)}

    @cached_property
    def asserts(self) -> bool:
        """Whether there is any assertion; a test that only crashes has not asked anything."""
        words = ('assert', 'raises', 'fail', 'warns')
        names = (getattr(node, 'attr', getattr(node, 'id', '')) for node in self.nodes)
        return any(isinstance(node, ast.Assert | ast.Raise) for node in self.nodes) or any(
            word in name.lower() for name in names if isinstance(name, str) for word in words
        )

    def imports(self, *modules: str) -> int:
        """Return the first line that imports one of some modules, or from it; 0 if none does."""
        lines = (
            node.lineno  # type: ignore[attr-defined]
            for node in self.nodes
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or '']
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if name in modules
        )
        return next(lines, 0)

    def line(self, number: int) -> str:
        """Return a line; '' where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ''

    def without_self(self, test: str) -> str:
        """Whether a test is a method, and has no self."""
        for holder in self.nodes:
            for node in holder.body if isinstance(holder, ast.ClassDef) else []:
                if isinstance(node, Function) and node.name == test and not _takes_self(node):
                    return f'{test} (line {node.lineno}) has no self.'
        return ''

    def why_not_collected(self) -> str:
        """Why pytest may have found no test."""
        for node in self.nodes:
            if isinstance(node, Function) and node.name == '__init__':
                return f'Line {node.lineno}: pytest leaves out a class with an __init__; use setUp.'
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

    def fake_assertion(self) -> tuple[str, str] | None:
        """Return what only looks like an assertion, and what to do about it."""
        for node in self.nodes:
            if isinstance(node, ast.Assert) and isinstance(node.test, ast.Tuple) and node.test.elts:
                return (
                    f'Line {node.lineno} asserts a tuple, which is always true.',
                    'Take the brackets away: assert a == b, "why".',
                )
            if isinstance(node, ast.Attribute) and self._asserts_nothing(node):
                name = node.attr.removeprefix('assert_')
                return (
                    f'Line {node.lineno}: {node.attr} only looks like an assertion; '
                    'it checks nothing.',
                    f'Write .assert_{name}(...), with assert_ and with brackets.',
                )
        return None

    def _asserts_nothing(self, node: ast.Attribute) -> bool:
        if node.attr in self._own_names:
            return False
        if node.attr in MISSPELT_ASSERTIONS:
            return id(node) in self.called
        return node.attr.startswith('assert_') and id(node) in self.alone

    @cached_property
    def _own_names(self) -> set[str]:
        # A hand-written fake may well have a method or an attribute of such a name.
        stored = [
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in self.nodes
            if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        return {*self.functions, *stored}

    def _targets(self, node: ast.AST) -> Iterator[tuple[str, int]]:
        """Yield what is patched within a node, by mock.patch('...') or the like, and the line."""
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and call.args and 'patch' in ast.unparse(call.func):
                target = call.args[0]
                if isinstance(target, ast.Constant) and isinstance(target.value, str):
                    yield target.value, target.lineno

    def wrong_target(self, module: str) -> str:
        """Which patch replaces a name where the code under test does not look it up."""
        for target, line in self._targets(self.tree):
            where, _, name = target.rpartition('.')
            if name in PATCHABLE and where != module:
                return (
                    f"Line {line} patches '{target}', but the code looks the name up in its own "
                    f"module: '{module}.{name}'."
                )
        return ''

    def swapped(self, test: str) -> str:
        """Whether a test names the mocks of its decorators in the wrong order."""
        node = self.functions.get(test.partition('[')[0])
        if node is None:
            return ''
        names = [
            target.rpartition('.')[2]
            for decorator in node.decorator_list[::-1]
            for target, _ in self._targets(decorator)
        ]
        given = [argument.arg for argument in node.args.args if argument.arg != 'self']
        places = [
            next((n for n in names if n in argument), None)
            or next((n for n in names if {*n.split('_')} & {*argument.split('_')}), '')
            for argument in given
        ]
        if len(names) < 2 or sorted(places) != sorted(names) or places == names:
            return ''
        return (
            f'{test} (line {node.lineno}) names its mocks in the wrong order. They arrive bottom '
            f'up, that of the decorator nearest to the function first: {", ".join(names)}.'
        )

    def redefines(self, names: set[str]) -> str:
        """Which function under test the file defines for itself."""
        for node in self.tree.body:
            if isinstance(node, Function) and node.name in names:
                return f'Line {node.lineno} defines a {node.name}() of its own.'
        for target, line in self._targets(self.tree):
            if target.rpartition('.')[2] == 'receive':
                return f"Line {line} patches '{target}', which is what you test."
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


def _takes_self(node: Function) -> bool:
    return bool(node.args.vararg) or [a.arg for a in node.args.args][:1] in (['self'], ['cls'])
