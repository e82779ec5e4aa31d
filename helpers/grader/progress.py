"""A learner's progress, saved next to the working copy."""

import contextlib
import json
from typing import Any

from helpers.grader.exercises import Exercise


class Progress:
    """What is known of a working copy: whether it is solved, and how many hints were given."""

    def __init__(self, exercise: Exercise) -> None:
        """Load the saved progress."""
        self.path = exercise.work / '.progress.json'
        self.solved = False
        self.hints: dict[str, Any] = {}
        try:
            saved: Any = json.loads(self.path.read_text(encoding='utf-8'))
            hints = dict(saved['hints'])
            self.solved = saved['solved'] is True
            self.hints = hints
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass  # not saved yet, or edited by hand

    def forget(self) -> None:
        """Delete it."""
        with contextlib.suppress(OSError):
            self.path.unlink()

    def save(self) -> None:
        """Save it."""
        progress = {'solved': self.solved, 'hints': self.hints}
        with contextlib.suppress(OSError):  # the grader works without it
            self.path.parent.mkdir(exist_ok=True)
            self.path.write_text(json.dumps(progress), encoding='utf-8')
