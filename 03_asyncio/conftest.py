"""Say whose tests these are: a learner's own are in my_work."""


def pytest_report_header() -> str:
    """Return the line that pytest prints above its results."""
    return "03_asyncio: the kit's own tests; yours are in 03_asyncio/my_work (nox -s 03_exercise)"
