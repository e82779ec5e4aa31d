"""Tests of the links between the kit's pages."""

import re

import pytest

from helpers.alone import ROOT

PAGES = sorted([ROOT / 'README.md', *ROOT.glob('0*/README.md'), *ROOT.glob('0*/*/README.md')])
LINKS = [
    (page, link) for page in PAGES for link in re.findall(r'\]\(([^)]+)\)', page.read_text('utf-8'))
]


@pytest.mark.parametrize(
    ('page', 'link'), [(page, link) for page, link in LINKS if not link.startswith('https:')]
)
def test_a_link_leads_somewhere(page, link):
    path, _, anchor = link.partition('#')
    target = page.parent / path if path else page
    assert target.is_file()
    # As GitHub makes an anchor of a heading.
    headings = re.findall(r'^#+ (.*)$', target.read_text(encoding='utf-8'), re.MULTILINE)
    anchors = [re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-') for heading in headings]
    assert anchor in ['', *anchors]
