"""How do I test a WebSocket endpoint of FastAPI, and why does `receive` hang?

`receive_json` has no timeout, and waits forever if the endpoint sends nothing: usually the test
expects one message too many, or the endpoint waits for the client. To test that nothing is sent,
send something that is answered: its answer has to be the next message. A connection that is refused
or closed raises WebSocketDisconnect. pytest-timeout ends a test that hangs.
Needs: `fastapi` (its TestClient needs httpx2, or httpx).
"""

import unittest
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI, WebSocket, WebSocketDisconnect, WebSocketException
from fastapi.testclient import TestClient

app = FastAPI()


@app.websocket('/chat/{room}')
async def chat(websocket: WebSocket, room: str):
    if room != 'tea':
        raise WebSocketException(code=1008, reason='no such room')
    await websocket.accept()
    await websocket.send_json({'joined': room})
    async for message in websocket.iter_json():
        if 'text' in message:
            await websocket.send_json(message)


class TestChat(unittest.TestCase):
    def setUp(self):
        self.client = self.enterContext(TestClient(app))

    def test_wrong_way(self):
        with ThreadPoolExecutor() as threads:
            with self.client.websocket_connect('/chat/tea') as websocket:
                websocket.receive_json()
                websocket.send_json({'is typing': True})
                reply = threads.submit(websocket.receive_json)  # hangs here without a thread
                with self.assertRaises(TimeoutError):
                    reply.result(timeout=0.1)
                websocket.send_json({'text': 'ends the wait'})

    def test_right_way(self):
        with self.client.websocket_connect('/chat/tea') as websocket:
            self.assertEqual(websocket.receive_json(), {'joined': 'tea'})
            websocket.send_json({'is typing': True})
            websocket.send_json({'text': 'Hello'})
            self.assertEqual(websocket.receive_json(), {'text': 'Hello'})  # the only answer

    def test_right_way_when_refused(self):
        with self.assertRaises(WebSocketDisconnect) as refused:
            self.enterContext(self.client.websocket_connect('/chat/coffee'))
        self.assertEqual(refused.exception.code, 1008)
        self.assertEqual(refused.exception.reason, 'no such room')
