"""How do I mock `asyncio.create_subprocess_exec`?

`mock.patch` makes an AsyncMock of it, but the process that this returns knows nothing: neither a
`returncode`, nor that `communicate()` returns two things. Give it a MagicMock with the spec
`asyncio.subprocess.Process`, on which only the methods that are awaited are asynchronous, and set
both. For code that reads `process.stdout` by lines, set it to a real StreamReader, which has been
fed with `feed_data()` and `feed_eof()`. create_subprocess_shell is mocked in the same way. A real
process that is given sys.stdout raises "UnsupportedOperation: fileno" under pytest's capsys: use
capfd, or PIPE.
"""

import asyncio
import unittest
from asyncio.subprocess import PIPE
from unittest import mock


async def current_branch(folder):
    process = await asyncio.create_subprocess_exec(
        'git', '-C', folder, 'branch', '--show-current', stdout=PIPE, stderr=PIPE
    )
    output, errors = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(errors.decode())
    return output.decode().strip()


class TestCurrentBranch(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_returns_nothing(self):
        with mock.patch('asyncio.create_subprocess_exec'):
            with self.assertRaisesRegex(ValueError, 'not enough values to unpack'):
                await current_branch('src')

    async def test_wrong_way_cannot_be_awaited(self):
        process = mock.MagicMock()
        process.communicate.return_value = (b'main\n', b'')
        message = "object tuple can't be used in 'await' expression|'tuple' object can't be awaited"
        with mock.patch('asyncio.create_subprocess_exec', return_value=process):
            with self.assertRaisesRegex(TypeError, message):
                await current_branch('src')

    async def test_right_way(self):
        process = mock.MagicMock(spec=asyncio.subprocess.Process)
        process.communicate.return_value = (b'main\n', b'')
        process.returncode = 0
        with mock.patch('asyncio.create_subprocess_exec', return_value=process) as create:
            self.assertEqual(await current_branch('src'), 'main')
        create.assert_awaited_once_with(
            'git', '-C', 'src', 'branch', '--show-current', stdout=PIPE, stderr=PIPE
        )

    async def test_right_way_when_the_program_fails(self):
        process = mock.MagicMock(spec=asyncio.subprocess.Process)
        process.communicate.return_value = (b'', b'not a git repository')
        process.returncode = 128
        with mock.patch('asyncio.create_subprocess_exec', return_value=process):
            with self.assertRaisesRegex(RuntimeError, 'not a git repository'):
                await current_branch('src')
