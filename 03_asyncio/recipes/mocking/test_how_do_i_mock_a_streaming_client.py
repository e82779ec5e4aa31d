"""How do I mock `async for chunk in await client.create(stream=True)`, as with AsyncOpenAI?

Here `create` is awaited, and what it returns is looped over. So `create` has to be an AsyncMock,
with an async generator function as its `side_effect`, or with a list as the
`return_value.__aiter__.return_value`. The rest of the client is a MagicMock, which makes the nested
attributes. (If the code loops over `client.create()` without `await`, use a MagicMock there, too.)
"""

import unittest
from unittest import mock


class Assistant:
    def __init__(self, client):  # for example an openai.AsyncOpenAI
        self.client = client

    async def answer(self, question):
        result = ''
        stream = await self.client.chat.completions.create(prompt=question, stream=True)
        async for chunk in stream:
            result += chunk.text
        return result


async def chunks(prompt, stream):
    yield mock.MagicMock(text='Good ')
    yield mock.MagicMock(text='morning')


class TestAssistant(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_cannot_be_awaited(self):
        client = mock.MagicMock()
        client.chat.completions.create = chunks
        message = (
            "object async_generator can't be used in 'await' expression"
            "|'async_generator' object can't be awaited"
        )
        with self.assertRaisesRegex(TypeError, message):
            await Assistant(client).answer('Hello')

    async def test_wrong_way_is_empty(self):
        client = mock.AsyncMock()
        create = client.chat.completions.create
        create.__aiter__.return_value = [mock.MagicMock(text='Good morning')]  # not of its result
        self.assertEqual(await Assistant(client).answer('Hello'), '')

    async def test_right_way(self):
        client = mock.MagicMock()
        client.chat.completions.create = mock.AsyncMock(side_effect=chunks)
        self.assertEqual(await Assistant(client).answer('Hello'), 'Good morning')
        client.chat.completions.create.assert_awaited_once_with(prompt='Hello', stream=True)

    async def test_right_way_with_a_list(self):
        client = mock.MagicMock()
        client.chat.completions.create = mock.AsyncMock()
        stream = client.chat.completions.create.return_value
        stream.__aiter__.return_value = [mock.MagicMock(text='Good morning')]
        self.assertEqual(await Assistant(client).answer('Hello'), 'Good morning')
