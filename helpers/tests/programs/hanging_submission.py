"""A learner's file, for the tests of the grader: its test never ends."""

import threading


def test_hang() -> None:
    """Wait forever."""
    threading.Event().wait()
