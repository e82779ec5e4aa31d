"""Say whose tests these are: a learner's own are in my_work."""


def pytest_report_header() -> str:
    """Return the line that pytest prints above its results."""
    return "01_sync: the kit's own tests; yours are in 01_sync/my_work (nox -s 01_exercise)"
