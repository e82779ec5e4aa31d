"""Why do my async tests run one after the other, and not concurrently?

Every test runner waits for the end of a test before it starts the next, whatever the test is
marked with; `async def` only lets a test use `await`. That keeps tests independent: they share
patches, captured output and databases. To wait for several things at once, run them in one test,
with a TaskGroup or `asyncio.gather`. To use all processors, run tests in several processes, with
`pytest -n auto` (pytest-xdist). If tests wait for sleeps and timeouts, shorten those.
"""

import asyncio
import unittest


class Page:
    """A web page that takes a while; it notes what happens."""

    def __init__(self, events):
        self.events = events

    async def load(self, name):
        self.events.append(f'{name} starts')
        await asyncio.sleep(0.01)
        self.events.append(f'{name} ends')
        return f'<h1>{name}</h1>'


events_of_all_tests = []


class TwoTests(unittest.IsolatedAsyncioTestCase):
    __test__ = False  # pytest leaves it alone: it is run below

    async def test_a(self):
        await Page(events_of_all_tests).load('a')

    async def test_b(self):
        await Page(events_of_all_tests).load('b')


def test_wrong_way_two_tests():
    unittest.TestSuite([TwoTests('test_a'), TwoTests('test_b')]).run(unittest.TestResult())
    assert events_of_all_tests == ['a starts', 'a ends', 'b starts', 'b ends']


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def test_right_way(self):
        events = []
        page = Page(events)
        names = ['a', 'b']
        results = await asyncio.gather(*[page.load(name) for name in names])
        self.assertEqual(events[:2], ['a starts', 'b starts'])
        for name, result in zip(names, results, strict=True):
            with self.subTest(name=name):
                self.assertEqual(result, f'<h1>{name}</h1>')
