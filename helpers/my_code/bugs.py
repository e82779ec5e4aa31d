"""The bugs to plant in a module: what people forget or get wrong in asynchronous code.

Each kind of bug is a small change of the syntax tree. They were chosen by trying many of them on
well-tested packages: these were often a hole in the tests when no test noticed them.
"""

import bisect
import io
import itertools
import re
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst
from libcst import matchers as m
from libcst import metadata

# The kinds of bugs, the most telling first, and what gets through if no test notices.
EFFECTS = {
    'shield left out': "One caller's cancellation now cancels the task for all callers.",
    'lock left out': 'Too many tasks can now be in this block at the same time.',
    'cancel left out': 'What should have been cancelled now runs on.',
    'CancelledError swallowed': 'The task goes on after it has been cancelled.',
    'CancelledError raised': 'A cancellation that was expected here now gets out.',
    'timeout left out': 'This may now wait forever.',
    'only the first': 'All but the first are left out.',
    'finally left out': 'The clean-up no longer happens.',
    'await left out': 'The call is made, but nobody waits for what it does.',
    'BaseException caught': 'A cancelled task does not end, but goes on in the handler.',
    'raise left out': 'The error is handled and then lost: the caller goes on as if all were well.',
    'task not awaited': 'Nobody waits for this to end, and its error is lost.',
    'guard left out': 'What has ended already is cancelled, or loses its callback, all the same.',
    'only once': 'The loop ends after the first time.',
}
CANCELLED = {'asyncio.CancelledError', 'asyncio.exceptions.CancelledError'}
TIMEOUTS = {
    'asyncio.timeout',
    'asyncio.timeouts.timeout',
    'async_timeout.timeout',
    'anyio.fail_after',
    'anyio.move_on_after',
}
LOCKS = {'asyncio.Lock', 'asyncio.Semaphore', 'asyncio.BoundedSemaphore', 'anyio.Lock'}
LOCKS |= {'anyio.Semaphore', 'anyio.CapacityLimiter'}
LIKE_A_LOCK = re.compile(r'(lock|mutex|sem|semaphore|limiter)$', re.IGNORECASE)
Handler: TypeAlias = cst.ExceptHandler | cst.ExceptStarHandler
LEAVES = (cst.Return, cst.Raise, cst.Break, cst.Continue)
AWAIT = re.compile(r'await\s+')
END_OF_HEADER = re.compile(r'[\s,)]*:')
SILENT = re.compile(r'#\s*my_code:\s*(\S.*)')  # the comment that keeps a line silent


@dataclass(frozen=True)
class Bug:
    """One change of a module that a good test would notice."""

    kind: str  # one of EFFECTS
    line: int
    probe: int  # the line in front of which one can note that the changed code is run
    change: tuple[str, ...]  # the lines taken out and put in, each with a - or a + in front
    text: str  # the module with the bug in it
    silent: str = ''  # the reason, if a comment at the line says why no test can notice it

    @property
    def effect(self) -> str:
        """One sentence on what gets through."""
        return EFFECTS[self.kind]


def find_bugs(text: str) -> list[Bug]:
    """Return all bugs that can be planted in a module, the most telling first.

    Raises libcst.ParserSyntaxError if the text is not Python.
    """
    wrapper = metadata.MetadataWrapper(cst.parse_module(text))
    finder = _Finder(text)
    with finder.resolve(wrapper):
        wrapper.module.visit(finder)
    rank = list(EFFECTS).index
    return sorted(finder.bugs, key=lambda bug: (rank(bug.kind), bug.line))


def lines_of(text: str) -> list[str]:
    """Return the lines of a module with their ends, where Python takes them to end."""
    return list(io.StringIO(text, newline=''))


def one_per_line(bugs: list[Bug]) -> list[Bug]:
    """Return the first bug of each line."""
    first: dict[int, Bug] = {}
    for bug in bugs:
        first.setdefault(bug.line, bug)
    return list(first.values())


class _Finder(cst.CSTVisitor):
    """Collects the bugs, each of which replaces a piece of the text."""

    METADATA_DEPENDENCIES = (
        metadata.ParentNodeProvider,
        metadata.PositionProvider,
        metadata.QualifiedNameProvider,
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.lines = lines_of(text)
        self.line_starts = list(itertools.accumulate(map(len, self.lines), initial=0))
        self.bugs: list[Bug] = []
        self.locks: set[str] = set()  # the code of what a lock was assigned to

    def _add(self, kind: str, node: cst.CSTNode, start: int, end: int, new: str) -> None:
        """Add a bug at a node, unless it cannot be noted: what is from start to end becomes new."""
        probe = self._probe(node)
        if probe is None:
            return
        line = self.get_metadata(metadata.PositionProvider, node).start.line
        silent = SILENT.search(self.lines[line - 1])
        self.bugs.append(
            Bug(
                kind,
                line,
                probe,
                self._difference(line, start, end, new),
                self.text[:start] + new + self.text[end:],
                silent[1].strip() if silent else '',
            )
        )

    def _replace(self, kind: str, node: cst.CSTNode, new: str) -> None:
        self._add(kind, node, self._start(node), self._end(node), new)

    def _difference(self, line: int, start: int, end: int, new: str) -> tuple[str, ...]:
        """Return the lines that differ, as in a diff; the old one first if lines are only added."""
        if start == end:
            added_lines = [f'+ {added.rstrip()}' for added in lines_of(new) if added.strip()]
            return (f'  {self.lines[line - 1].rstrip()}', *added_lines)
        first = bisect.bisect_right(self.line_starts, start) - 1
        last = bisect.bisect_left(self.line_starts, end)
        before = self.text[self.line_starts[first] : start]
        after = self.text[end : self.line_starts[last]]
        old_lines = [f'- {old.rstrip()}' for old in self.lines[first:last]]
        new_lines = [f'+ {added.rstrip()}' for added in lines_of(before + new + after)]
        return (*old_lines, *new_lines)

    # Where a node is in the text

    def _start(self, node: cst.CSTNode) -> int:
        place = self.get_metadata(metadata.PositionProvider, node).start
        return self.line_starts[place.line - 1] + place.column

    def _end(self, node: cst.CSTNode) -> int:
        place = self.get_metadata(metadata.PositionProvider, node).end
        return self.line_starts[place.line - 1] + place.column

    def _code(self, node: cst.CSTNode) -> str:
        return self.text[self._start(node) : self._end(node)]

    # Statements

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:
        for statement in node.body:
            if isinstance(statement, cst.Assign | cst.AnnAssign):
                self._note_lock(statement)
            elif isinstance(statement, cst.Expr):
                self._expression(statement, statement.value)

    def _expression(self, statement: cst.Expr, value: cst.BaseExpression) -> None:
        if m.matches(value, m.Await(expression=m.Call())):
            assert isinstance(value, cst.Await)
            if not self._is_sleep_of_0(value.expression):
                self._without_await(statement, value)
        elif m.matches(value, m.Await(expression=m.Name() | m.Attribute())):
            self._replace('task not awaited', statement, 'pass')
        elif m.matches(value, m.Call(func=m.Attribute(attr=m.Name('cancel')))):
            self._replace('cancel left out', statement, 'pass')

    def _without_await(self, statement: cst.Expr, value: cst.Await) -> None:
        start = self._start(value)
        word = AWAIT.match(self.text, start)
        if word:
            self._add('await left out', statement, start, word.end(), '')

    def _note_lock(self, statement: cst.Assign | cst.AnnAssign) -> None:
        value = statement.value
        if not isinstance(value, cst.Call) or not self._is(value.func, LOCKS):
            return
        if isinstance(statement, cst.AnnAssign):
            targets = [statement.target]
        else:
            targets = [target.target for target in statement.targets]
        self.locks.update(_last_name(target) for target in targets)

    def visit_With(self, node: cst.With) -> None:
        for place, item in enumerate(node.items):
            self._suppress(item.item)
            name = _last_name(item.item)
            is_lock = name in self.locks or LIKE_A_LOCK.search(name)
            # Without an await in it, no other task can come in between anyway.
            if node.asynchronous and is_lock and not item.asname and _awaits(node.body):
                self._without_lock(node, place)

    def _without_lock(self, node: cst.With, place: int) -> None:
        items = node.items
        if len(items) == 1:
            header = END_OF_HEADER.match(self.text, self._end(items[0]))
            if header:
                self._add('lock left out', node, self._start(node), header.end(), 'if True:')
        elif place == 0:
            self._add('lock left out', node, self._start(items[0]), self._start(items[1]), '')
        else:
            end_before = self._end(items[place - 1])
            self._add('lock left out', node, end_before, self._end(items[place]), '')

    def _suppress(self, item: cst.BaseExpression) -> None:
        if not isinstance(item, cst.Call) or not self._is(item.func, {'contextlib.suppress'}):
            return
        others = [arg for arg in item.args if not self._is(arg.value, CANCELLED)]
        if len(others) < len(item.args):
            start, end = self._start(item.args[0]), self._end(item.args[-1])
            remaining = ', '.join(map(self._code, others))
            self._add('CancelledError raised', item, start, end, remaining)

    def visit_If(self, node: cst.If) -> None:
        ends = m.Attribute(attr=m.Name('cancel') | m.Name('remove_done_callback'))
        if m.findall(node.body, ends):
            is_done = m.Call(func=m.Attribute(attr=m.Name('done')))
            for part in m.findall(
                node.test, m.UnaryOperation(operator=m.Not(), expression=is_done)
            ):
                self._replace('guard left out', part, 'True')

    def visit_While(self, node: cst.While) -> None:
        body = node.body
        if not isinstance(body, cst.IndentedBlock) or node.orelse or not _awaits(body):
            return
        if not _ends_with(body, *LEAVES):
            last_line = self.get_metadata(metadata.PositionProvider, body).end.line
            end = self.line_starts[last_line]
            first_line = self.get_metadata(metadata.PositionProvider, body).start.line
            indentation = self.text[self.line_starts[first_line - 1] : self._start(body)]
            before = '' if self.text[:end].endswith(('\n', '\r')) else '\n'
            self._add('only once', node, end, end, f'{before}{indentation}break\n')

    def visit_TryStar(self, node: cst.TryStar) -> None:
        self.visit_Try(node)

    def visit_Try(self, node: cst.Try | cst.TryStar) -> None:
        if node.finalbody and self._is_in_coroutine(node):
            self._replace('finally left out', node.finalbody.body, 'pass')
        cancelled = False
        for handler in node.handlers:
            if handler.type and self._mentions(handler.type, CANCELLED):
                cancelled = True
                self._handler_of_cancellation(handler)
            elif _ends_with(handler.body, cst.Raise) and self._is_in_coroutine(node):
                self._replace('raise left out', _last(handler.body), 'pass')
            elif not cancelled and _awaits(node.body) and self._keeps_exceptions(handler):
                self._base_exception(handler)

    def _handler_of_cancellation(self, handler: Handler) -> None:
        if _ends_with(handler.body, cst.Raise):
            self._replace('CancelledError swallowed', _last(handler.body), 'pass')
        else:
            self._replace('CancelledError raised', handler.body, 'raise')

    def _base_exception(self, handler: Handler) -> None:
        assert handler.type is not None
        start, end = self._start(handler.type), self._end(handler.type)
        self._add('BaseException caught', handler, start, end, 'BaseException')

    # Calls

    def visit_Call(self, node: cst.Call) -> None:
        if self._is(node.func, {'asyncio.shield', 'asyncio.tasks.shield'}):
            if len(node.args) == 1:
                self._shield(node)
        elif self._is(node.func, {'asyncio.gather', 'asyncio.tasks.gather'}):
            self._gather(node)
        elif self._is(node.func, {'asyncio.wait_for', 'asyncio.tasks.wait_for'}):
            self._without_timeout(node, position=1)
        elif self._is(node.func, {'asyncio.wait', 'asyncio.tasks.wait'}):
            self._without_timeout(node, position=None)
        elif self._is(node.func, TIMEOUTS):
            self._without_timeout(node, position=0)

    def _shield(self, node: cst.Call) -> None:
        inner = node.args[0].value
        code = self._code(inner)
        if not isinstance(inner, cst.Name | cst.Attribute | cst.Call | cst.Subscript):
            code = f'({code})'
        self._replace('shield left out', node, code)

    def _gather(self, node: cst.Call) -> None:
        several = [arg for arg in node.args if arg.keyword is None]
        options = [arg for arg in node.args if arg.keyword is not None]
        if not several or (len(several) == 1 and not several[0].star):
            return
        first = several[0]
        code = self._code(first)
        if first.star:
            code = f'*list({code[1:].strip()})[:1]'
        code = ', '.join([code, *map(self._code, options)])
        start, end = self._start(node.args[0]), self._end(node.args[-1])
        self._add('only the first', node, start, end, code)

    def _without_timeout(self, node: cst.Call, position: int | None) -> None:
        for number, arg in enumerate(node.args):
            named = arg.keyword is not None and arg.keyword.value in ('timeout', 'delay')
            if (named or number == position) and not m.matches(arg.value, m.Name('None')):
                self._replace('timeout left out', arg.value, 'None')

    # What a node is

    def _names(self, node: cst.CSTNode) -> set[str]:
        names = self.get_metadata(metadata.QualifiedNameProvider, node, set())
        return {name.name.removeprefix('builtins.') for name in names}

    def _is(self, node: cst.CSTNode, names: set[str]) -> bool:
        return bool(self._names(node) & names)

    def _mentions(self, node: cst.BaseExpression, names: set[str]) -> bool:
        """Return whether an exception, or one in a tuple of them, has one of the names."""
        if isinstance(node, cst.Tuple):
            return any(self._is(element.value, names) for element in node.elements)
        return self._is(node, names)

    def _keeps_exceptions(self, handler: Handler) -> bool:
        """Return whether it is an `except Exception` in which nothing is raised."""
        if handler.type is None or not self._is(handler.type, {'Exception'}):
            return False
        return not m.findall(handler.body, m.Raise())

    def _is_sleep_of_0(self, node: cst.CSTNode) -> bool:
        return m.matches(node, m.Call(args=[m.Arg(m.Integer('0'))])) and self._is(
            cst.ensure_type(node, cst.Call).func, {'asyncio.sleep', 'asyncio.tasks.sleep'}
        )

    def _is_in_coroutine(self, node: cst.CSTNode) -> bool:
        parent: cst.CSTNode | None = node
        while parent is not None and not isinstance(parent, cst.FunctionDef):
            parent = self.get_metadata(metadata.ParentNodeProvider, parent, None)
        return parent is not None and parent.asynchronous is not None

    def _probe(self, node: cst.CSTNode) -> int | None:
        """Return the line of the statement that has to be reached for the change to matter.

        None if there is no such line, as in a function in one line or a lambda: a line in front of
        it would note where it is defined, not where it is run.
        """
        if isinstance(node, Handler):
            node = node.body
        if isinstance(node, cst.IndentedBlock):
            node = node.body[0]
        elif isinstance(node, cst.While) and isinstance(node.body, cst.IndentedBlock):
            node = node.body.body[0]
        parent = self.get_metadata(metadata.ParentNodeProvider, node)
        while not isinstance(parent, cst.IndentedBlock | cst.Module):
            is_elif = isinstance(node, cst.If) and isinstance(parent, cst.If)
            if is_elif or isinstance(parent, cst.Lambda):
                return None
            if isinstance(node, cst.SimpleStatementSuite) and not isinstance(parent, cst.Finally):
                return None
            node = parent
            parent = self.get_metadata(metadata.ParentNodeProvider, node)
        if isinstance(node, cst.FunctionDef | cst.ClassDef) and node.decorators:
            node = node.decorators[0]
        return self.get_metadata(metadata.PositionProvider, node).start.line


def _awaits(node: cst.CSTNode) -> bool:
    return bool(m.findall(node, m.Await() | m.With(asynchronous=m.Asynchronous())))


def _ends_with(body: cst.BaseSuite, *kinds: type[cst.CSTNode]) -> bool:
    """Return whether the last statement of a block is of one of the kinds."""
    return isinstance(_last(body), kinds)


def _last(body: cst.BaseSuite) -> cst.CSTNode:
    """Return the last statement of a block."""
    last: cst.CSTNode = body.body[-1]
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return last


def _last_name(node: cst.CSTNode) -> str:
    """Return the name of a variable, or of an attribute; of self.lock, lock."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ''
