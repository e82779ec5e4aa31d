"""Bugs for an exercise, proposed from the code under test: mistakes that people really make."""

import ast
import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from helpers.grader.source import Function, quiet_parser

MOST = 8  # as many bugs as a small exercise has
LINES_BEFORE = 3  # that `old` may quote, so that it occurs only once
LEFT_TO_OTHERS = ('await left out', 'finally left out', 'raise left out')  # kinds that are below
FLIPPED = {ast.Lt: ('<', '<='), ast.LtE: ('<=', '<'), ast.Gt: ('>', '>='), ast.GtE: ('>=', '>')}


@dataclass(frozen=True)
class Proposal:
    """One bug: `new` replaces `old`, which occurs exactly once."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """Some code and what replaces it, by the places of its first character and after its last."""

    name: str
    start: int
    end: int
    new: str


class CodeText:
    """Some code, in which the parts of its syntax tree can be found."""

    def __init__(self, text: str) -> None:
        """Parse it. Raises SyntaxError."""
        self.text = text
        with quiet_parser():
            self.tree = ast.parse(text)
        self._lines = text.split('\n')
        lengths = [len(line) + 1 for line in self._lines]
        self._line_starts = list(itertools.accumulate(lengths, initial=0))

    def start(self, node: ast.stmt | ast.expr) -> int:
        """Return the place of the first character of a node."""
        return self._place(node.lineno, node.col_offset)

    def end(self, node: ast.stmt | ast.expr) -> int:
        """Return the place after the last character of a node."""
        assert node.end_lineno is not None  # the parser has set them
        assert node.end_col_offset is not None
        return self._place(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.stmt | ast.expr) -> str:
        """Return the text of a node."""
        return self.text[self.start(node) : self.end(node)]

    def _place(self, line: int, column: int) -> int:
        before = self._lines[line - 1].encode()[:column].decode()  # columns count bytes
        return self._line_starts[line - 1] + len(before)


def propose_bugs(text: str) -> list[Proposal]:
    """Return bugs for some code, of as many kinds as possible, in the order of its lines."""
    code = CodeText(text)
    functions = [node for node in ast.walk(code.tree) if isinstance(node, Function)]
    kinds = [_asynchronous(text), *[_changes(code, functions, kind) for kind in KINDS]]
    one_of_each_kind = itertools.zip_longest(*kinds)
    proposals: dict[int, Proposal] = {}  # by where they begin: one for each piece of code
    for change in itertools.chain.from_iterable(one_of_each_kind):
        if change is None or change.start in proposals:
            continue
        proposal = _unique(text, change)
        if proposal:
            proposals[change.start] = proposal
        if len(proposals) == MOST:
            break
    return [proposals[start] for start in sorted(proposals)]


def _asynchronous(text: str) -> Iterator[Change]:
    """Yield what my_code would plant, if it is within one line."""
    # Here, since it takes a while, and the rest does without it.
    from libcst import ParserSyntaxError

    from helpers.my_code.bugs import find_bugs

    with contextlib.suppress(ParserSyntaxError):  # of Python that libcst does not know yet
        line_starts = list(itertools.accumulate(map(len, text.splitlines(True)), initial=0))
        for bug in find_bugs(text):
            signs = [line[0] for line in bug.change]
            if signs == ['-', '+'] and bug.kind not in LEFT_TO_OTHERS:
                old, new = [line[2:].strip() for line in bug.change]
                start = text.index(old, line_starts[bug.line - 1])
                yield Change(f'{bug.kind}: {old}', start, start + len(old), new)


def _changes(
    code: CodeText,
    functions: list[Function],
    kind: Callable[[CodeText, Function, ast.AST], Change | None],
) -> Iterator[Change]:
    """Yield all changes of one kind."""
    for function in functions:
        for node in _parts(function):
            change = kind(code, function, node)
            if change:
                yield change


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is in a function, in order.

    Left out are functions in it, which come by themselves, and f-strings: Python 3.11 does not know
    where their parts are.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.JoinedStr):
            continue
        yield child
        yield from _parts(child)


def _unique(text: str, change: Change) -> Proposal | None:
    """Quote as much around a change as it takes to occur once; None if that is too much."""
    start, end = change.start, change.end
    for _ in range(LINES_BEFORE + 2):
        old = text[start:end]
        new = text[start : change.start] + change.new + text[change.end : end]
        if text.count(old) == 1:
            if _is_other_code(text, text.replace(old, new)):
                return Proposal(change.name, old, new)
            return None
        # First the rest of its line, then one line more each time, without its indentation.
        line_start = text.rfind('\n', 0, start) + 1
        if text[line_start:start].isspace() or line_start == start:
            line_start = text.rfind('\n', 0, max(line_start - 1, 0)) + 1
        line_end = text.find('\n', end)
        end = len(text) if line_end == -1 else line_end
        indentation = len(text[line_start:]) - len(text[line_start:].lstrip(' \t'))
        start = line_start + indentation
    return None


def _is_other_code(text: str, changed: str) -> bool:
    with contextlib.suppress(SyntaxError), quiet_parser():
        return ast.dump(ast.parse(text)) != ast.dump(ast.parse(changed))
    return False


def _called(node: ast.expr) -> str:
    """Return what a call calls, such as 'client.close()'; any other expression as it is."""
    if isinstance(node, ast.Call):
        return f'{ast.unparse(node.func)}()'
    return ast.unparse(node)


def _replaced(code: CodeText, name: str, node: ast.stmt | ast.expr, new: str) -> Change:
    return Change(name, code.start(node), code.end(node), new)


def _missing_await(code: CodeText, function: Function, node: ast.AST) -> Change | None:
    if not isinstance(node, ast.Await):
        return None
    return _replaced(
        code, f'{function.name}() never awaits {_called(node.value)}', node, code.of(node.value)
    )


def _missing_raise(code: CodeText, function: Function, node: ast.AST) -> Change | None:
    if not isinstance(node, ast.Raise):
        return None
    if node.exc is None:
        return _replaced(code, f'{function.name}() hides the error', node, 'pass')
    error = _called(node.exc).removesuffix('()')
    if error == 'NotImplementedError':
        return None
    return _replaced(code, f'{function.name}() never raises {error}', node, 'pass')


def _missing_cleanup(code: CodeText, function: Function, node: ast.AST) -> Change | None:
    if not isinstance(node, ast.Try):
        return None
    for statement in node.finalbody:
        if isinstance(statement, ast.Expr):
            value = statement.value
            call = value.value if isinstance(value, ast.Await) else value
            return _replaced(
                code, f'{function.name}() never ends with {_called(call)}', statement, 'pass'
            )
    return None


def _returns_none(code: CodeText, function: Function, node: ast.AST) -> Change | None:
    if not isinstance(node, ast.Return) or node.value is None:
        return None
    if isinstance(node.value, ast.Constant) and not node.value.value:
        return None  # who asserts that it is false does not notice
    return _replaced(code, f'{function.name}() returns None', node, 'return None')


def _wrong_boundary(code: CodeText, function: Function, node: ast.AST) -> Change | None:
    if not isinstance(node, ast.Compare) or len(node.ops) > 1 or type(node.ops[0]) not in FLIPPED:
        return None
    old, new = FLIPPED[type(node.ops[0])]
    left = code.text[code.start(node) : code.end(node.left)]
    between = code.text[code.end(node.left) : code.start(node.comparators[0])]
    right = code.text[code.start(node.comparators[0]) : code.end(node)]
    name = f'{function.name}() is off by one: {ast.unparse(node)}'
    return _replaced(code, name, node, left + between.replace(old, new, 1) + right)


def _missing_call(code: CodeText, function: Function, node: ast.AST) -> Change | None:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return None
    return _replaced(code, f'{function.name}() never calls {_called(node.value)}', node, 'pass')


KINDS = [
    _missing_await,
    _missing_raise,
    _missing_cleanup,
    _returns_none,
    _wrong_boundary,
    _missing_call,
]
