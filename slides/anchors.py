"""The address of a heading within its page."""

import re


def slugify(heading: str) -> str:
    """Return what follows the # in a link to a heading, as GitHub makes it."""
    return re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-')
