"""How do I mock OpenAI's async client?

`create(stream=True)` is awaited, and what it returns is iterated: with mocks, each of the two goes
wrong in its own way, and a mocked answer has every attribute that you misspell. Pass a client with
a MockTransport: the answers are JSON or events, as OpenAI documents them, and everything else is
real. openai 3 is built on httpx2, which respx does not see; older versions on httpx.
Needs: `httpx2`, `openai`.
"""

import json
import unittest
from unittest import mock

import httpx2
from openai import AsyncOpenAI


async def ask(client, question):
    messages = [{'role': 'user', 'content': question}]
    words = []
    stream = await client.chat.completions.create(model='gpt', messages=messages, stream=True)
    async for chunk in stream:
        words.append(chunk.choices[0].delta.content)
    return ''.join(words)


class FakeOpenAI:
    def __init__(self, words):
        self.words = words
        self.requests = []

    def answer(self, request):
        self.requests.append(json.loads(request.content))
        events = []
        for word in self.words:
            chunk = {'choices': [{'index': 0, 'delta': {'content': word}}]}
            events.append(f'data: {json.dumps(chunk)}\n\n')
        events.append('data: [DONE]\n\n')
        headers = {'Content-Type': 'text/event-stream'}
        return httpx2.Response(200, headers=headers, text=''.join(events))


class TestAsk(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        client = mock.MagicMock()
        with self.assertRaisesRegex(TypeError, "MagicMock.* can't be"):
            await ask(client, 'Tea?')

    async def test_wrong_way_with_an_asyncmock(self):
        client = mock.AsyncMock()
        client.chat.completions.create.return_value = ['Yes', '.']
        with self.assertRaisesRegex(
            TypeError, "'async for' requires an object with __aiter__ method, got list"
        ):
            await ask(client, 'Tea?')

    async def test_right_way(self):
        openai = FakeOpenAI(['Yes', '.'])
        transport = httpx2.MockTransport(openai.answer)
        http_client = httpx2.AsyncClient(transport=transport)
        async with AsyncOpenAI(api_key='test', http_client=http_client) as client:
            self.assertEqual(await ask(client, 'Tea?'), 'Yes.')
        self.assertEqual(openai.requests[0]['messages'][0]['content'], 'Tea?')
