"""Why does `BaseSubprocessTransport.__del__` say "Event loop is closed"?

A process that nobody has waited for is still there when the test's loop is closed, and its
transport becomes garbage later, in another test. The code has to end the process on every way out:
kill() it and await its wait(), also after a timeout. Test that with a real process that takes too
long, and look at its returncode. (To test what the code does with the output of a process, mock
create_subprocess_exec.)
"""

import asyncio
import sys
import unittest

TAKES_A_MINUTE = [sys.executable, '-c', 'import time; time.sleep(60)']
ENDS_AT_ONCE = [sys.executable, '-c', 'pass']


class ForgetfulEncoder:
    def __init__(self, command, timeout):
        self.command = command
        self.timeout = timeout

    async def run(self):
        self.process = await asyncio.create_subprocess_exec(*self.command)
        return await asyncio.wait_for(self.process.wait(), self.timeout)

    async def end(self):
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


class Encoder(ForgetfulEncoder):
    async def run(self):
        try:
            return await super().run()
        finally:
            await self.end()


class TestEncoder(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        encoder = ForgetfulEncoder(TAKES_A_MINUTE, timeout=0.1)
        with self.assertRaises(TimeoutError):
            await encoder.run()
        self.assertIsNone(encoder.process.returncode)
        # Without this, some later test may get, depending on the version of Python:
        # Exception ignored in: <function BaseSubprocessTransport.__del__ at 0x7f4e21c0>
        # RuntimeError: Event loop is closed
        # ResourceWarning: unclosed transport <_UnixSubprocessTransport pid=4711 running ...>
        # ResourceWarning: subprocess 4711 is still running
        await encoder.end()

    async def test_right_way(self):
        encoder = Encoder(TAKES_A_MINUTE, timeout=0.1)
        with self.assertRaises(TimeoutError):
            await encoder.run()
        self.assertIsNotNone(encoder.process.returncode)

    async def test_right_way_when_it_ends_by_itself(self):
        encoder = Encoder(ENDS_AT_ONCE, timeout=30)
        self.assertEqual(await encoder.run(), 0)
