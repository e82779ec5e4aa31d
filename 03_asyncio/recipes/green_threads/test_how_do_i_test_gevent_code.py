"""How do I test code that runs in gevent greenlets?

An exception in a greenlet is only printed: `join` and `joinall` do not raise it, so the test
passes. Use `get()`, or `joinall(..., raise_error=True)`, and a `gevent.Timeout` around what may
hang. "This operation would block forever" (LoopExit) means that all greenlets wait, and that
nothing is left to wake one: something that they wait for is never done.
Needs: `gevent`.
"""

import unittest

import gevent
from gevent.exceptions import LoopExit
from gevent.queue import Queue


def handle_orders(orders, shipped):
    for order in iter(orders.get, None):  # until somebody puts None
        shipped.append(order['item'])


def join(worker):
    gevent.joinall([worker])


def get(worker):
    with gevent.Timeout(5):
        worker.get()


class TestHandleOrders(unittest.TestCase):
    def setUp(self):
        self.orders = Queue()
        self.shipped = []
        self.worker = gevent.spawn(handle_orders, self.orders, self.shipped)
        self.addCleanup(self.worker.kill)

    def test_wrong_way_the_exception_is_lost(self):
        self.orders.put({'no': 'item'})
        join(self.worker)  # prints the traceback of a KeyError, and raises nothing
        self.assertEqual(self.shipped, [])

    def test_wrong_way_nobody_ends_the_worker(self):
        with self.assertRaisesRegex(LoopExit, 'This operation would block forever'):
            join(self.worker)

    def test_right_way(self):
        self.orders.put({'item': 'book'})
        self.orders.put(None)
        get(self.worker)
        self.assertEqual(self.shipped, ['book'])

    def test_right_way_with_an_exception(self):
        self.orders.put({'no': 'item'})
        with self.assertRaisesRegex(KeyError, 'item'):
            get(self.worker)
