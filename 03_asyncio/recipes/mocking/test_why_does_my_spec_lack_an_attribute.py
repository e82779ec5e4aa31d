"""Why does a mock with a spec lack an attribute that the class sets in `__init__`?

A spec that is a class knows what stands in the class, but not what `__init__` adds to each object;
`create_autospec` and `autospec=True` are the same. (So are the fields of a dataclass without
defaults, except for `create_autospec` from Python 3.14 on.) Set the attribute on the mock, with a
spec of its own, or use a real object as the spec.
"""

import unittest
from unittest import mock


class Http:
    async def get(self, url): ...


class Feed:
    def __init__(self, http, url):
        self.http = http
        self.url = url

    async def publish(self, article): ...


async def mirror(source, target):
    article = await source.http.get(source.url)
    await target.publish(article)


class TestMirror(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        source = mock.MagicMock(spec=Feed)
        target = mock.MagicMock(spec=Feed)
        with self.assertRaisesRegex(AttributeError, "Mock object has no attribute 'http'"):
            await mirror(source, target)

    async def test_wrong_way_with_autospec(self):
        source = mock.create_autospec(Feed, instance=True)
        target = mock.create_autospec(Feed, instance=True)
        with self.assertRaisesRegex(AttributeError, "Mock object has no attribute 'http'"):
            await mirror(source, target)

    async def test_right_way(self):
        source = mock.MagicMock(spec=Feed)
        source.http = mock.MagicMock(spec=Http)
        source.http.get.return_value = 'an article'
        source.url = '/news'
        target = mock.MagicMock(spec=Feed)
        await mirror(source, target)
        source.http.get.assert_awaited_once_with('/news')
        target.publish.assert_awaited_once_with('an article')

    async def test_right_way_with_an_object(self):
        source = mock.create_autospec(Feed(Http(), '/news'))
        source.http.get.return_value = 'an article'
        target = mock.create_autospec(Feed(Http(), '/copy'))
        await mirror(source, target)
        target.publish.assert_awaited_once_with('an article')
