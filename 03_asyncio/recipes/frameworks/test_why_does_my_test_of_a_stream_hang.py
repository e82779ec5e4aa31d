"""Why does my test of an endless stream, or of server-sent events, hang?

httpx's ASGITransport collects the whole response before it returns one, also for `client.stream`;
so did TestClient in older versions of Starlette. An endless stream never gets there. Test the
generator by itself, and take what you need with `anext`. To test the endpoint, serve it with
uvicorn on a free port, and stop reading when you have seen enough. Needs: `fastapi`, `httpx`,
`uvicorn`.
"""

import asyncio
import socket
import unittest
from contextlib import aclosing

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


async def count_events():
    number = 0
    while True:
        yield f'data: {number}\n\n'
        number += 1
        await asyncio.sleep(0.001)  # waits for a queue, in your app


@app.get('/events')
async def stream_events():
    return StreamingResponse(count_events(), media_type='text/event-stream')


class TestEvents(unittest.IsolatedAsyncioTestCase):
    async def start_server(self):
        listener = self.enterContext(socket.create_server(('127.0.0.1', 0)))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        serving = asyncio.create_task(server.serve(sockets=[listener]))

        async def stop():
            server.should_exit = True
            await serving

        self.addAsyncCleanup(stop)
        return f'http://127.0.0.1:{listener.getsockname()[1]}'

    async def test_wrong_way(self):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url='http://test') as client:
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.1):  # else it hangs
                    await self.enterAsyncContext(client.stream('GET', '/events'))

    async def test_right_way_without_http(self):
        async with aclosing(count_events()) as events:
            self.assertEqual(await anext(events), 'data: 0\n\n')
            self.assertEqual(await anext(events), 'data: 1\n\n')

    async def test_right_way(self):
        url = await self.start_server()
        async with httpx.AsyncClient(base_url=url) as client:
            async with client.stream('GET', '/events') as response:
                self.assertEqual(response.headers['Content-Type'], 'text/event-stream; charset=utf-8')
                lines = response.aiter_lines()
                self.assertEqual(await anext(lines), 'data: 0')
                self.assertEqual(await anext(lines), '')
                self.assertEqual(await anext(lines), 'data: 1')
