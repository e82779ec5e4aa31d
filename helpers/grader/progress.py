"""How far a learner is: kept beside the working copy."""

import json
from typing import Any

from helpers.grader.exercises import Exercise


class Progress:
    """What is remembered of a working copy: whether it is solved, and the hints already given."""

    def __init__(self, exercise: Exercise) -> None:
        """Read it; nothing is remembered of an exercise that nobody has begun."""
        self.path = exercise.work / '.progress.json'
        self.solved, self.hints = False, {}
        try:
            known: Any = json.loads(self.path.read_text(encoding='utf-8'))
            self.solved, self.hints = bool(known['solved']), dict(known['hints'])
        except (OSError, ValueError, KeyError, TypeError):
            pass

    def forget(self) -> None:
        """Begin again."""
        self.path.unlink(missing_ok=True)

    def save(self) -> None:
        """Write it."""
        known = {'solved': self.solved, 'hints': self.hints}
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(known), encoding='utf-8')
