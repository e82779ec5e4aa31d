"""What the tests of the grader share: workers that start faster, and commands run here."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.grader import exercises, supervisor


@pytest.fixture(autouse=True)
def fork_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork workers from a process that has imported pytest; on Windows, start them as usual."""
    if os.name == 'posix':
        from helpers.tests.grader import forked

        monkeypatch.setattr(supervisor, 'start_python', forked.start_python)


@pytest.fixture
def run_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Return what runs a command in this process: status, standard output and standard error."""
    monkeypatch.setenv('COLUMNS', '300')

    def run_here(main: Any, *arguments: object) -> tuple[Any, str, str]:
        monkeypatch.setattr(sys, 'argv', ['command', *map(str, arguments)])
        try:
            status = main.__wrapped__()  # without what handles Ctrl-C, for the whole process
        except SystemExit as ended:
            status = ended.code
        output, errors = capsys.readouterr()
        return status, output, errors

    return run_here


@pytest.fixture
def kit_here(kit: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the kit, go there, and let the grader of this process take the copy for its own."""
    monkeypatch.setattr(exercises, 'ROOT', kit)
    monkeypatch.chdir(kit)
    return kit
