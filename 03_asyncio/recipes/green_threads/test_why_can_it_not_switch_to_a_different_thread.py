"""Why does it raise `greenlet.error: Cannot switch to a different thread`?

A greenlet belongs to the thread that has made it, and only that thread can switch to it, as `get()`
and `join()` do. Start greenlets and wait for them in one and the same thread, and hand their
results to the other. Playwright's synchronous API is built on greenlets, too: use a page in the
thread that has started Playwright. Needs: `gevent`, `greenlet`.
"""

from concurrent.futures import ThreadPoolExecutor

import gevent
import greenlet
import pytest


def fetch(name):
    gevent.sleep(0.01)
    return name.upper()


def fetch_all(names):
    greenlets = [gevent.spawn(fetch, name) for name in names]
    return [greenlet.get() for greenlet in greenlets]


@pytest.fixture
def threads():
    with ThreadPoolExecutor() as threads:
        yield threads


def test_wrong_way(threads):
    fetching = threads.submit(gevent.spawn, fetch, 'a').result()
    with pytest.raises(greenlet.error, match='Cannot switch to a different thread'):
        fetching.get()


def test_right_way(threads):
    assert threads.submit(fetch_all, ['a', 'b']).result() == ['A', 'B']
