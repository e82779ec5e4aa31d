"""How far a learner is: kept beside the working copy."""

import contextlib
import json
from typing import Any

from helpers.grader.exercises import Exercise


class Progress:
    """What is remembered of a working copy: whether it is solved, and the hints already given."""

    def __init__(self, exercise: Exercise) -> None:
        """Read it."""
        self.path = exercise.work / '.progress.json'
        self.solved, self.hints = False, {}
        try:
            known: Any = json.loads(self.path.read_text(encoding='utf-8'))
            self.solved, self.hints = known['solved'] is True, dict(known['hints'])
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass  # nobody has begun, or it was edited by hand

    def forget(self) -> None:
        """Begin again."""
        with contextlib.suppress(OSError):
            self.path.unlink()

    def save(self) -> None:
        """Write it."""
        known = {'solved': self.solved, 'hints': self.hints}
        with contextlib.suppress(OSError):  # it can be done without
            self.path.parent.mkdir(exist_ok=True)
            self.path.write_text(json.dumps(known), encoding='utf-8')
