"""A learner's file, for the tests of the grader: importing it never ends."""

import threading

threading.Event().wait()
