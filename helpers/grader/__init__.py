"""The grader of the exercises: `python -m helpers.grader --help`."""
