"""Tests of the links between the kit's pages."""

import re

import pytest

from helpers.alone import ROOT

PAGES = ['README.md', *(str(page.relative_to(ROOT)) for page in ROOT.glob('0*/README.md'))]
PAGES.append('03_asyncio/other_ways/README.md')


def anchors(page):
    """Return the anchors that GitHub makes of a page's headings; '' is the page itself."""
    headings = re.findall(r'^#+ (.*)$', page.read_text(encoding='utf-8'), re.MULTILINE)
    words = [re.sub(r'[^\w\- ]', '', heading.lower()) for heading in headings]
    return ['', *(word.replace(' ', '-') for word in words)]


@pytest.mark.parametrize('name', PAGES)
def test_links_lead_somewhere(name):
    page = ROOT / name
    for link in re.findall(r'\]\((?!https:)([^)]+)\)', page.read_text(encoding='utf-8')):
        path, _, anchor = link.partition('#')
        target = page.parent / path if path else page
        assert target.is_file(), link
        assert anchor in anchors(target), link
