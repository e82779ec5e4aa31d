"""Which test left an event loop, a transport or a socket open?

The ResourceWarning comes when the garbage collector finds what nobody has closed: never, or in a
later test, which then gets the blame. Put an autouse fixture that collects garbage after each test
into `conftest.py`, and run pytest with `-W error`: then the right test has an error at teardown.
Run `python -X tracemalloc=20 -m pytest -W error` to see which line opened it.
"""

import asyncio
import gc
import socket

import pytest


@pytest.fixture(autouse=True)
def blame_the_right_test():
    yield
    # What this test left open is a PytestUnraisableExceptionWarning now, and not later; it names
    # BaseEventLoop.__del__, StreamWriter.__del__ or _ProactorBasePipeTransport.__del__. If it says
    # "Enable tracemalloc to get traceback where the object was allocated", do so: see above.
    gc.collect()


class PriceClient:
    """Has synchronous methods only, and therefore an event loop of its own."""

    def __init__(self, connected_socket):
        self.loop = asyncio.SelectorEventLoop()
        connecting = self.loop.create_connection(asyncio.Protocol, sock=connected_socket)
        self.transport, _ = self.loop.run_until_complete(connecting)

    def close(self):
        self.transport.close()
        self.loop.run_until_complete(asyncio.sleep(0))  # it closes in the loop's next turn
        self.loop.close()


@pytest.fixture
def connected_socket():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours


def forget_the_client(connected_socket):
    PriceClient(connected_socket)  # nobody closes it, and nothing happens
    gc.collect()  # now it does, but this may be in another test


def test_wrong_way_warns_later(connected_socket):
    with pytest.warns(ResourceWarning) as caught:
        forget_the_client(connected_socket)
    messages = ' '.join(str(warning.message) for warning in caught)
    assert 'unclosed transport' in messages
    assert 'unclosed event loop' in messages


def test_right_way(connected_socket):
    client = PriceClient(connected_socket)
    client.close()
