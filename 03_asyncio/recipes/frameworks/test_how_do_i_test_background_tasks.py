"""How do I test FastAPI's BackgroundTasks?

They run after the response was sent, but before TestClient or AsyncClient returns: no sleep is
needed, and a slow task makes the test slow. What a task raises, TestClient raises. Patch the
function that the task calls, where your module looks it up, with `autospec`; a mocked `add_task`
runs nothing, and accepts arguments that the function does not have.
Needs: `fastapi` (its TestClient needs httpx2, or httpx).
"""

import unittest
from unittest import mock

from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


async def send_mail(to, subject):
    raise ConnectionRefusedError('no mail server')


@app.post('/users/{name}')
async def sign_up(name: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(send_mail, f'{name}@example.org', subject='Welcome')
    return {'name': name}


class TestSignUp(unittest.TestCase):
    def test_wrong_way_runs_the_task(self):
        with self.assertRaisesRegex(ConnectionRefusedError, 'no mail server'):
            TestClient(app).post('/users/ada')

    def test_wrong_way(self):
        with mock.patch.object(BackgroundTasks, 'add_task') as add_task:
            TestClient(app).post('/users/ada')
        add_task.assert_called_once()  # would pass with wrong arguments, too

    def test_right_way(self):
        with mock.patch(f'{__name__}.send_mail', autospec=True) as send:
            response = TestClient(app).post('/users/ada')
        self.assertEqual(response.json(), {'name': 'ada'})
        send.assert_awaited_once_with('ada@example.org', subject='Welcome')
