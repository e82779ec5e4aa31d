"""What the grader finds: gates, bugs, and the one next step."""

from dataclasses import asdict, dataclass, field
from typing import Any


class GateFailed(Exception):
    """A gate is not passed."""

    def __init__(self, message: str, next_step: str, stop: bool = True) -> None:
        """Say what is wrong and what to do next; stop unless the later gates still make sense."""
        super().__init__(message)
        self.next_step = next_step
        self.stop = stop


@dataclass
class Gate:
    """One gate; passed is None if it was not reached."""

    name: str
    passed: bool | None = None
    message: str = ''


@dataclass
class Bug:
    """A planted bug, whose name is None until a test catches it."""

    name: str | None = None
    caught_by: list[str] = field(default_factory=list)
    missed: str = ''  # if nothing catches it: the test that runs its line, and a question


@dataclass
class Verdict:
    """The verdict on one submission."""

    exercise: str  # its name; empty if the command line named none
    gates: list[Gate]
    bugs: list[Bug]
    next: str = ''
    seconds: float = 0
    error: str | None = None
    missed: int | None = None  # the index of the first bug that no test catches
    identical: bool = False  # whether the files are the kit's own solution, word for word

    @property
    def solved(self) -> bool:
        """Whether every gate is passed."""
        return bool(self.gates) and all(gate.passed for gate in self.gates)

    @property
    def status(self) -> int:
        """The exit status of a verdict without an error: 0 solved, 1 not yet."""
        return 0 if self.solved else 1

    def as_json(self) -> dict[str, Any]:
        """Return what --json prints."""
        found = asdict(self) | {'solved': self.solved, 'seconds': round(self.seconds, 3)}
        found['exercise'] = self.exercise or None
        found['bugs'] = [{'name': bug.name, 'caught_by': bug.caught_by} for bug in self.bugs]
        del found['missed'], found['identical']
        return found
