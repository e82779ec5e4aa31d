"""A module in which each kind of bug can be planted once."""

import asyncio
from asyncio import timeout as limit
from contextlib import suppress


class Orders:
    """Takes orders, and sends them to a shop."""

    def __init__(self, shop):
        self.shop = shop
        self.lock = asyncio.Lock()
        self.log = []
        self.task = None
        self.timer = None

    async def place(self, order):
        """Send one order at a time."""
        async with self.lock:
            number = self.shop.number
            await self.shop.send(order)
            self.shop.number = number + 1

    async def wait_for(self, task):
        """Wait for a delivery that others wait for, too."""
        return await asyncio.shield(task)

    async def place_within(self, seconds, order):
        """Send an order; raise TimeoutError if that takes too long."""
        async with limit(seconds):
            return await self.shop.send(order)

    async def place_all(self, orders):
        """Send orders, all at the same time."""
        return await asyncio.gather(*[self.shop.send(order) for order in orders])

    async def place_and_close(self, order):
        """Send an order, and close the shop whatever happens."""
        try:
            return await self.shop.send(order)
        finally:
            self.shop.close()

    async def place_if_possible(self, order):
        """Send an order; note an error."""
        try:
            result = await self.shop.send(order)
        except Exception as error:
            self.log.append(error)
            result = None
        return result

    async def place_or_log(self, order):
        """Send an order; note an error, and raise it."""
        try:
            return await self.shop.send(order)
        except OSError as error:
            self.log.append(error)
            raise

    async def work(self, orders):
        """Send orders until the task is cancelled."""
        try:
            while True:
                order = await orders.get()
                self.log.append(order)
        except asyncio.CancelledError:
            self.log.append('cancelled')
            raise

    def stop(self):
        """Cancel the timer, and the task unless it has ended."""
        self.timer.cancel()
        if not self.task.done():
            self.log.append(self.task)
            self.task.cancel()

    async def stopped(self):
        """Wait until the task has ended."""
        with suppress(asyncio.CancelledError):
            await self.task
