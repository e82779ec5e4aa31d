"""How do I test what a background task logs?

The task has not begun when the function that made it returns: `assertLogs` finds nothing, and so do
pytest's `caplog` and `capsys`. Wait for the task inside the `with` block, or make the code hand it
out, and look at the log afterwards. What asyncio itself reports, such as "Task exception was never
retrieved", goes to the logger named asyncio.
"""

import asyncio
import logging
import unittest

logger = logging.getLogger('mailer')


class Mailer:
    def __init__(self):
        self.tasks = set()

    def send(self, address):
        task = asyncio.create_task(self.deliver(address))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def deliver(self, address):
        await asyncio.sleep(0)
        logger.info('sent to %s', address)


class TestMailer(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        mailer = Mailer()
        message = 'no logs of level INFO or higher triggered on mailer'
        with self.assertRaisesRegex(AssertionError, message):
            with self.assertLogs('mailer', 'INFO'):
                mailer.send('ada@example.org')

    async def test_right_way(self):
        mailer = Mailer()
        with self.assertLogs('mailer', 'INFO') as logs:
            mailer.send('ada@example.org')
            await asyncio.gather(*mailer.tasks)
        self.assertEqual(logs.output, ['INFO:mailer:sent to ada@example.org'])
