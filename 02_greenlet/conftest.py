"""Say whose tests these are: a learner's own are in my_work."""


def pytest_report_header() -> str:
    """Return the line that pytest prints above its results."""
    return "02_greenlet: the kit's own tests; yours are in 02_greenlet/my_work (nox -s 02_exercise)"
