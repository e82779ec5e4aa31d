"""Tests of the deck in a real browser: Chromium, Chrome or Edge, whichever is installed."""

import os
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright

from slides import build

FITS = """() => {
  const slide = document.querySelector('section.present')
  const parts = [...slide.querySelectorAll('pre, svg, img, p, li, table')]
  return slide.scrollHeight <= 720 && [slide, ...parts].every(
    part => part.scrollWidth <= part.clientWidth + 1 || getComputedStyle(part).display === 'inline')
}"""
# Each text of a slide: what it is, its size, its opacity, and its contrast with whatever may lie
# behind it, by the formula of WCAG 2. (axe does not look behind text that overlaps a band.)
TEXTS = """() => {
  const css = part => getComputedStyle(part)
  const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
    .map(c => c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0)
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  const slide = document.querySelector('section.present')
  const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
  const found = []
  while (texts.nextNode()) {
    const part = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || part.closest('aside, title, desc')) continue
    const above = []
    for (let outer = part; outer; outer = outer.parentElement) above.push(outer)
    const drawing = part.closest('svg')
    const paper = above.map(outer => css(outer).backgroundColor).find(c => !c.endsWith(', 0)'))
    const ink = drawing ? 'fill' : 'color'
    const shapes = part.closest('svg, pre')?.querySelectorAll('rect, .band') ?? []
    const behind = [...shapes].map(shape => css(shape)[drawing ? 'fill' : 'backgroundColor'])
    found.push({
      kind: drawing ? 'drawing' : part.closest('figcaption') ? 'caption'
        : part.closest('pre') ? 'code' : 'text',
      size: parseFloat(css(part).fontSize),
      opacity: above.reduce((product, outer) => product * css(outer).opacity, 1),
      contrast: Math.min(...[paper, ...behind].map(colour => ratio(css(part)[ink], colour))),
    })
  }
  return found
}"""
# axe looks at the whole page each time: it is four times as fast without the other slides.
AXE_ON_ONE_SLIDE = """async () => {
  const deck = document.querySelector('.slides')
  const slides = [...deck.children]
  deck.replaceChildren(Reveal.getCurrentSlide())
  const results = await axe.run({resultTypes: ['violations']})
  deck.replaceChildren(...slides)
  return results.violations
}"""
SIZES = {'drawing': 24, 'caption': 20, 'code': 28, 'text': 28}  # pixels, at least


def no_browser(why):
    """Skip with a loud reason; fail on GitHub, where there should be a browser."""
    reason = f'NO BROWSER, the deck was not checked: {why}'
    if 'GITHUB_ACTIONS' in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope='module')
def browser():
    try:
        browsers = sync_playwright().start()
    except Exception as error:  # it has no class of its own: a missing library, for instance
        no_browser(f'Playwright does not start ({error})')
    ways = [{}, {'channel': 'chrome'}, {'channel': 'msedge'}]
    for name in 'chromium', 'chromium-browser':
        if path := shutil.which(name):
            ways.append({'executable_path': path})
    browser = None
    for way in ways:
        try:
            browser = browsers.chromium.launch(**way, chromium_sandbox=False)
            break
        except Error:
            continue  # not installed
    if browser is None:
        browsers.stop()
        no_browser('install Chromium, Chrome or Edge')
    yield browser
    browser.close()
    browsers.stop()


@pytest.fixture(scope='module')
def address(deck, tmp_path_factory):
    file = tmp_path_factory.mktemp('a USB stick') / 'deck.html'
    file.write_text(build.page(deck), encoding='utf-8')
    return file.as_uri()


@pytest.fixture(scope='module')
def context(browser):
    """Return a browser's context with one page, which all tests use one after another."""
    context = browser.new_context(viewport={'width': 1280, 'height': 720}, offline=True)
    context.new_page()
    yield context
    context.close()


@pytest.fixture
def page(context, address):
    """Return the deck, newly loaded; at the end, check that it logged and loaded nothing."""
    complaints, asked = [], []
    listeners = {
        'console': lambda message: complaints.append(message.text),
        'weberror': lambda error: complaints.append(str(error.error)),
        'request': lambda request: asked.append(request.url),
    }
    for event, listener in listeners.items():
        context.on(event, listener)
    page = context.pages[0]
    page.emulate_media(media='null', reduced_motion='null')
    open_deck(page, f'{address}?half')  # it has every slide
    yield page
    page.goto('about:blank')  # after all that the deck logs
    for popup in context.pages[1:]:
        popup.close()
    for event, listener in listeners.items():
        context.remove_listener(event, listener)
    assert complaints == []
    assert [url for url in asked if not url.startswith((address, 'data:'))] == []


def open_deck(page, address):
    page.goto(address)
    page.wait_for_function('Reveal.isReady() && document.fonts.status === "loaded"')


def slides(page, deck):
    """Show each slide with all its steps, and yield its title."""
    for number, slide in enumerate(deck):
        page.evaluate(f'Reveal.slide({number}, 0, 99)')
        yield slide.title


def test_every_slide_fits_its_frame(page, deck):
    assert [title for title in slides(page, deck) if not page.evaluate(FITS)] == []


def test_text_is_large_and_dark_enough_for_the_back_row(page, deck):
    texts = [
        text | {'slide': title} for title in slides(page, deck) for text in page.evaluate(TEXTS)
    ]
    assert {text['kind'] for text in texts} == {*SIZES}
    assert [text for text in texts if text['size'] < SIZES[text['kind']]] == []
    assert [text for text in texts if text['contrast'] < 4.5 or text['opacity'] < 1] == []
    layers = page.locator('.band').evaluate_all('all => all.map(b => getComputedStyle(b).zIndex)')
    assert {*layers} == {'-1'}  # behind the code
    assert page.evaluate("document.fonts.check('28px Inconsolata', 'm')")


def test_slides_are_1280_by_720_and_have_addresses(page, deck):
    config = page.evaluate('Reveal.getConfig()')
    assert [config[name] for name in ('width', 'height', 'margin')] == [1280, 720, 0]
    page.keyboard.press('ArrowRight')
    page.wait_for_url(f'**#/{deck[1].anchor}')


def test_the_keyboard_steps_through_the_deck_and_back(page, deck):
    steps = page.evaluate("""() => Reveal.getSlides().reduce((sum, slide) => sum + new Set(
      [...slide.querySelectorAll('.fragment')].map(part => part.dataset.fragmentIndex)).size, 0)""")
    presses = steps + len(deck) - 1
    for _ in range(presses):
        assert page.evaluate('Reveal.getProgress()') < 1
        page.keyboard.press('ArrowRight')
    assert page.evaluate('Reveal.getProgress()') == 1
    for _ in range(presses):
        page.keyboard.press('ArrowLeft')
    assert page.evaluate('Reveal.getProgress()') == 0


def test_highlights_one_step_at_a_time(page, deck):
    titles = [slide.title for slide in deck]
    page.evaluate(f'Reveal.slide({titles.index("One function, three cases")})')
    seen = []
    for _ in range(4):
        bands = page.locator('section.present .band')
        seen.append([band.is_visible() for band in bands.all()])
        page.keyboard.press('Space')
    assert seen == [
        [False, False, False],
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_presenter_view_shows_notes_clock_and_pacing(page):
    with page.expect_popup() as popup:
        page.keyboard.press('s')
    view = popup.value
    view.locator('.speaker-controls-notes .value li').first.wait_for()
    assert view.locator('.speaker-controls-time .timer').is_visible()
    assert view.locator('.speaker-controls-time .pacing').is_visible()
    assert 'workshop 1' in view.locator('.speaker-controls-notes .value').inner_text()
    page.keyboard.press('ArrowRight')
    view.get_by_text('the last question is the one').wait_for()


@pytest.mark.parametrize(
    ('name', 'query'), [('talk', '?talk'), ('workshop', ''), ('half a day', '?half')]
)
def test_a_deck_has_its_own_slides_and_minutes(page, address, deck, name, query):
    open_deck(page, address + query)
    shown = [[slide.anchor, 60 * slide.minutes[name]] for slide in deck if name in slide.minutes]
    found = 'Reveal.getSlides().map(slide => [slide.id, Number(slide.dataset.timing)])'
    assert page.evaluate(found) == shown


def test_an_exercise_shows_its_minutes_and_counts_down(page, address):
    page.clock.install()
    open_deck(page, f'{address}?half#/your-turn-1-the-tests-of-stage-1')
    assert page.locator('section.present .minutes').inner_text() == '20'
    assert page.locator('.countdown').inner_text() == '20:00'
    page.clock.run_for(61_000)
    assert page.locator('.countdown').inner_text() == '18:59'
    page.keyboard.press('ArrowRight')
    assert page.locator('.countdown').count() == 0


def test_reduced_motion_stops_all_animations(page):
    page.emulate_media(reduced_motion='reduce')
    for _ in range(20):
        page.keyboard.press('Space')
        assert page.evaluate('document.getAnimations().length') == 0


def test_prints_one_page_per_slide(page, deck):
    pages = re.findall(rb'/Type /Page\b', page.pdf(prefer_css_page_size=True))
    assert len(pages) == len(deck)


def test_prints_the_notes(page):
    page.emulate_media(media='print')
    notes = page.locator('aside.notes')
    assert notes.last.is_visible()
    assert notes.last.evaluate('notes => getComputedStyle(notes).color') == 'rgb(29, 33, 41)'


def test_prints_all_steps_without_highlights(page):
    page.emulate_media(media='print')
    parts = page.locator('.fragment').evaluate_all("""all => all.map(part => [
      part.classList.contains('band'), getComputedStyle(part).display !== 'none',
      getComputedStyle(part).visibility === 'visible', getComputedStyle(part).opacity === '1'])""")
    assert {tuple(part) for part in parts if not part[0]} == {(False, True, True, True)}
    assert not any(shown for band, shown, *_ in parts if band)


def test_axe_finds_nothing_serious(page, deck):
    found = serious('All slides', Axe().run(page).response['violations'])
    for title in slides(page, deck):
        found |= serious(title, page.evaluate(AXE_ON_ONE_SLIDE))
    assert found == set()


def serious(title, violations):
    """Return which violations make a slide hard to use, each with its slide and HTML."""
    found = set()
    for problem in violations:
        if problem['impact'] in ('serious', 'critical'):
            found |= {(title, problem['id'], node['html'][:200]) for node in problem['nodes']}
    return found


def test_drawings_have_accessible_names(page):
    drawings = page.locator('svg').all()
    charts = page.locator('img').all()
    assert len(drawings) + len(charts) >= 4
    for drawing in drawings:
        assert drawing.get_attribute('role') == 'img'
        assert drawing.locator('title').text_content()
    for chart in charts:
        assert chart.get_attribute('alt')
