"""Make an exercise of one's own, and check it: `python -m helpers.grader.new_exercise`."""

import ast
import sys
from pathlib import Path

from helpers import cli
from helpers.grader import skeleton
from helpers.grader.command import check_installed, internal_error
from helpers.grader.exercise_file import FILE, ExerciseError, parsed, wrong_name
from helpers.grader.exercises import Exercise, display_path

DESCRIPTION = """Make an exercise from a module of yours, and check it.

With MODULE.py, it writes what FOLDER does not have yet: exercise.toml, a copy of the module, tests
to begin with in starter, tests to finish in solution, and README.md. It never overwrites a file.
Then, and without MODULE.py, it checks the exercise, and names the next step.
Exit status: 0 complete, 1 not yet, 2 usage error, 3 internal error, 130 Ctrl-C.
"""


@cli.quiet_on_ctrl_c
def main() -> int:
    """Do what the command line says and return the exit status."""
    parser = cli.Parser(prog='nox -s new_exercise --', description=DESCRIPTION)
    parser.add_argument('folder', metavar='FOLDER', type=Path, help='the folder of the exercise')
    parser.add_argument(
        'module', metavar='MODULE.py', type=Path, nargs='?', help='the code to be tested'
    )
    given = parser.parse_args()
    needed = ['pytest', 'pytest_asyncio', 'coverage', 'libcst', 'psutil', 'rich']
    check_installed(parser, needed, 'nox -s new_exercise -- FOLDER')
    notes = []
    try:
        if given.module is None:
            _require_exercise(given.folder)
        else:
            notes = make(given.folder, given.module)
    except ExerciseError as error:
        parser.error(str(error))
    except OSError as error:
        parser.error(f'cannot write to {given.folder}: {error}')
    try:
        return _check_and_print(notes, Exercise(given.folder.resolve()))
    except Exception as error:
        print(internal_error(error), file=sys.stderr)
        return 3


def _check_and_print(notes: list[str], exercise: Exercise) -> int:
    from helpers.grader import check_exercise  # only once it is clear that everything is installed

    console = cli.console()
    for note in notes:
        console.print(note, style='bold', soft_wrap=True)
    with console.status('checking'):
        checks = check_exercise.check(exercise)
    console.print(check_exercise.render(exercise, checks))
    return 0 if all(one.passed for one in checks) else 1


def _require_exercise(folder: Path) -> None:
    """Raise ExerciseError unless there is an exercise to check in a folder."""
    _require_folder(folder)
    if not (folder / FILE).is_file():
        raise ExerciseError(f'{folder} has no {FILE}: name a module, too, to make the exercise')


def _require_folder(folder: Path) -> None:
    if folder.is_file():
        raise ExerciseError(f'{folder} is a file: name a folder first, then the module')


def make(folder: Path, module: Path) -> list[str]:
    """Write what a new exercise needs, as far as it is not there; return what to say about it.

    Raises ExerciseError if that module, or that folder, cannot be used.
    """
    _require_folder(folder)
    text, tree = _read(module)
    if (folder / FILE).is_file():
        _require_same_module(folder, module, text)
        return []
    copy = folder / module.name
    if copy.exists() and _text(copy) != text:
        raise ExerciseError(f'{folder} has another {module.name} already: rename one of the two')
    written = skeleton.write(folder, module.name, text, tree, _work(folder))
    new = [name for name, is_new in written.items() if is_new]
    kept = [name for name, is_new in written.items() if not is_new]
    notes = [f'Created {", ".join(new)}.']
    if kept:
        notes.append(f'Kept {", ".join(kept)}: already there.')
    return notes


def _read(module: Path) -> tuple[str, ast.Module]:
    """Return the text and the syntax tree of a module; raise ExerciseError if it is of no use."""
    if module.is_dir():
        raise ExerciseError(f'{module} is a folder: name one Python file in it')
    if wrong := wrong_name(module):
        raise ExerciseError(f'{module.name} {wrong}'.removesuffix('.'))
    text = _text(module)
    tree = parsed(text, str(module))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            raise ExerciseError(
                f'{module}, line {node.lineno}: an exercise is no package: replace '
                f'`{ast.unparse(node)}` by an import without the dot'
            )
    if not skeleton.public(tree):
        raise ExerciseError(
            f'{module} has no public function or class, so there is nothing to test: name a module '
            'that has one'
        )
    return text, tree


def _text(module: Path) -> str:
    try:
        return module.read_text(encoding='utf-8-sig')
    except OSError:
        raise ExerciseError(f'there is no {module}: check the path') from None
    except UnicodeDecodeError:
        raise ExerciseError(f'{module} is not UTF-8: save it as UTF-8') from None


def _require_same_module(folder: Path, module: Path, text: str) -> None:
    """Raise ExerciseError unless an exercise is the one made from a module, as it is now."""
    try:
        copy = Exercise(folder.resolve()).source
    except ExerciseError:
        return  # the check reports it
    if copy.name != module.name:
        raise ExerciseError(
            f'{folder} has an exercise of {copy.name} already: name another folder, or leave out '
            f'{module.name} to check that exercise'
        )
    if _text(copy) != text:
        raise ExerciseError(
            f'{module} is no longer what {folder} has a copy of: replace the copy, or leave out '
            f'{module.name} to check the exercise as it is'
        )


def _work(folder: Path) -> str:
    """Return where learners work, as they know it."""
    exercise = Exercise(folder.resolve())
    if exercise.of_the_kit:
        return Path(display_path(exercise.work)).as_posix()
    return exercise.work.name


if __name__ == '__main__':
    sys.exit(main())
