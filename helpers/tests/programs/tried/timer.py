"""A function in which a bug changes what is covered."""


def stop(timer):
    """Cancel a timer, unless it has ended."""
    if not timer.done():
        timer.cancel()
