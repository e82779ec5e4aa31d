"""Tests of the deck in a real browser: Chromium, Chrome or Edge, whichever is installed."""

import contextlib
import os
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright

from slides import build

DECK = build.slides((build.HERE / 'deck.md').read_text(encoding='utf-8'))
FITS = """() => {
  const slide = document.querySelector('section.present')
  const parts = [...slide.querySelectorAll('pre, svg, p, li, table')]
  return slide.scrollHeight <= 720 && [slide, ...parts].every(
    part => part.scrollWidth <= part.clientWidth + 1 || getComputedStyle(part).display === 'inline')
}"""
LETTERS = """() => [...document.querySelectorAll('pre')].map(code =>
  [!!code.closest('.columns'), parseFloat(getComputedStyle(code).fontSize)])"""


def no_browser(why):
    """Skip loudly; fail where there should be a browser."""
    why = f'NO BROWSER, the deck was not looked at: {why}'
    return pytest.fail(why) if 'GITHUB_ACTIONS' in os.environ else pytest.skip(why)


@pytest.fixture(scope='module')
def browser():
    try:
        browsers = sync_playwright().start()
    except Exception as error:  # of no class of its own: its driver lacks a library, say
        no_browser(f'Playwright does not start ({error})')
    ways = [{}, {'channel': 'chrome'}, {'channel': 'msedge'}]
    if path := shutil.which('chromium') or shutil.which('chromium-browser'):
        ways.append({'executable_path': path})
    browser = None
    for way in ways:
        with contextlib.suppress(Error):
            browser = browser or browsers.chromium.launch(**way, chromium_sandbox=False)
    if browser:
        yield browser
        browser.close()
    browsers.stop()
    if not browser:
        no_browser('install Chromium, Chrome or Edge')


@pytest.fixture(scope='module')
def address(tmp_path_factory):
    deck = tmp_path_factory.mktemp('a stick') / 'deck.html'
    deck.write_text(build.page(DECK), encoding='utf-8')
    return deck.as_uri()


@pytest.fixture
def page(browser, address):
    """Return the deck in the browser; at the end, check that it neither complained nor asked."""
    context = browser.new_context(viewport={'width': 1280, 'height': 720}, offline=True)
    complaints, asked = [], []
    context.on('console', lambda message: complaints.append(message.text))
    context.on('weberror', lambda error: complaints.append(str(error.error)))
    context.on('request', lambda request: asked.append(request.url))
    page = context.new_page()
    open_deck(page, address)
    yield page
    context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((address, 'data:'))] == []


def open_deck(page, address):
    page.goto(address)
    page.wait_for_function('Reveal.isReady() && document.fonts.status === "loaded"')


def slides(page):
    """Show one slide after the other, with all its steps, and yield its title."""
    for number, slide in enumerate(DECK):
        page.evaluate(f'Reveal.slide({number}, 0, 99)')
        yield slide.title


def test_every_slide_fits_its_frame(page):
    assert [title for title in slides(page) if not page.evaluate(FITS)] == []


def test_code_can_be_read_from_the_back_row(page):
    letters = page.evaluate(LETTERS)
    assert len(letters) > 20
    assert all(size >= (22 if column else 28) for column, size in letters)
    family = page.evaluate("document.fonts.check('28px Inconsolata', 'm')")
    assert family


def test_steps_by_keyboard_from_the_first_to_the_last_and_back(page):
    steps = page.evaluate("""() => Reveal.getSlides().reduce((sum, slide) => sum + new Set(
      [...slide.querySelectorAll('.fragment')].map(part => part.dataset.fragmentIndex)).size, 0)""")
    presses = steps + len(DECK) - 1
    for _ in range(presses):
        assert page.evaluate('Reveal.getProgress()') < 1
        page.keyboard.press('ArrowRight')
    assert page.evaluate('Reveal.getProgress()') == 1
    for _ in range(presses):
        page.keyboard.press('ArrowLeft')
    assert page.evaluate('Reveal.getProgress()') == 0


def test_one_band_at_a_time(page):
    page.evaluate(
        f'Reveal.slide({[slide.title for slide in DECK].index("One function, three cases")})'
    )
    seen = []
    for _ in range(4):
        bands = page.locator('section.present .band')
        seen.append([band.is_visible() for band in bands.all()])
        page.keyboard.press('Space')
    assert seen == [[False] * 3, *([n == step for n in range(3)] for step in range(3))]


def test_presenter_view(page):
    with page.expect_popup() as popup:
        page.keyboard.press('s')
    view = popup.value
    view.locator('.speaker-controls-notes .value li').first.wait_for()
    assert view.locator('.speaker-controls-time .timer').is_visible()
    assert view.locator('.speaker-controls-time .pacing').is_visible()
    assert '1 minute' in view.locator('.speaker-controls-notes .value').inner_text()
    page.keyboard.press('ArrowRight')
    view.get_by_text('the last question is the one').wait_for()
    view.close()


def test_the_talk_leaves_out_the_workshop(page, address):
    open_deck(page, f'{address}?talk')
    talk = [slide.anchor for slide in DECK if not slide.workshop_only]
    assert page.evaluate('Reveal.getSlides().map(slide => slide.id)') == talk


def test_no_motion_for_those_who_want_none(page):
    page.emulate_media(reduced_motion='reduce')
    for _ in range(20):
        page.keyboard.press('Space')
        assert page.evaluate('document.getAnimations().length') == 0


def test_on_paper_each_slide_has_a_page(page):
    pages = re.findall(rb'/Type /Page\b', page.pdf(prefer_css_page_size=True))
    assert len(pages) == len(DECK)


def test_notes_are_on_paper(page):
    page.emulate_media(media='print')
    assert page.locator('aside.notes').last.is_visible()


def test_axe_finds_nothing_serious(page):
    found = set()
    for title in slides(page):
        for problem in Axe().run(page).response['violations']:
            if problem['impact'] in ('serious', 'critical'):
                found |= {(title, problem['id'], node['html'][:200]) for node in problem['nodes']}
    assert found == set()


def test_drawings_have_a_name(page):
    pictures = page.locator('svg')
    assert pictures.count() >= 3
    for picture in pictures.all():
        assert picture.get_attribute('role') == 'img'
        assert picture.locator('title').text_content()
