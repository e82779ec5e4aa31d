"""A learner's file, for the tests of the grader: importing it ends the whole process."""

import os

os._exit(0)
