"""The same code written another way: what it does stays, how it is written does not."""

import ast
import secrets

from helpers.grader.source import Function, quiet_parser


def rewritten(text: str) -> str:
    """Return code with new local names in each function, other ones at each call."""
    with quiet_parser():
        tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, Function):
            _rename_locals(node)
    return ast.unparse(ast.fix_missing_locations(tree)) + '\n'


def _rename_locals(function: Function) -> None:
    """Give new names to the local variables of a function; copy its arguments to new ones."""
    inside = [part for statement in function.body for part in ast.walk(statement)]
    if any(isinstance(part, SCOPES) or _captures(part) for part in inside):
        return  # a name may mean another thing in there
    arguments = function.args
    parameters = [part.arg for part in (*arguments.posonlyargs, *arguments.args)]
    parameters += [part.arg for part in arguments.kwonlyargs]
    stored = [
        part.id for part in inside if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    ]
    stored += [part.name for part in inside if isinstance(part, ast.ExceptHandler) and part.name]
    names = {name: f'{name}_{secrets.token_hex(3)}' for name in (*parameters, *stored)}
    for part in inside:
        if isinstance(part, ast.Name) and part.id in names:
            part.id = names[part.id]
        elif isinstance(part, ast.ExceptHandler) and part.name:
            part.name = names[part.name]
    copies: list[ast.stmt] = [
        ast.Assign([ast.Name(names[name], ast.Store())], ast.Name(name, ast.Load()))
        for name in parameters
    ]
    place = 1 if ast.get_docstring(function) is not None else 0
    function.body[place:place] = copies


# What makes a scope of its own, or binds names that are no ast.Name.
SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.Global,
    ast.Nonlocal,
    ast.Import,
    ast.ImportFrom,
)


def _captures(part: ast.AST) -> bool:
    """Whether a pattern of a match statement binds a name."""
    if isinstance(part, ast.MatchMapping):
        return part.rest is not None
    return isinstance(part, ast.MatchAs | ast.MatchStar) and part.name is not None
