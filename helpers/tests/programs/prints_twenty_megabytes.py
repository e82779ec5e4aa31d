"""A learner's file, for the tests of the grader: it writes to standard output in every way."""

import os
import sys


def test_print() -> None:
    """Print, write to the file descriptor, and let another process write."""
    print('x' * 10**7, file=sys.__stdout__)
    os.write(1, b'y' * 10**7)
    os.system('echo z')
