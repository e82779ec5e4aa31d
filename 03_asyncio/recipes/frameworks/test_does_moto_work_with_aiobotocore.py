"""Does moto work with aiobotocore, aioboto3 or s3fs?

Not as a decorator: `mock_aws` puts synchronous responses into botocore, and aiobotocore awaits
them. Start moto's server in the test, and give its address to the client as `endpoint_url`: it
speaks real HTTP, so every client can use it. Its data outlives the server: reset it before each
test. Needs: `aiobotocore`, `moto` (the server needs flask and flask-cors).
"""

import os
import unittest
from unittest import mock
from urllib.request import urlopen

from aiobotocore.session import get_session
from moto import mock_aws
from moto.server import ThreadedMotoServer

ACCOUNT = {'AWS_ACCESS_KEY_ID': 'test', 'AWS_SECRET_ACCESS_KEY': 'test'}


async def save_report(text, **connection):
    session = get_session()
    async with session.create_client('s3', region_name='us-east-1', **connection) as s3:
        await s3.create_bucket(Bucket='reports')
        await s3.put_object(Bucket='reports', Key='today', Body=text)


async def load_report(**connection):
    session = get_session()
    async with session.create_client('s3', region_name='us-east-1', **connection) as s3:
        report = await s3.get_object(Bucket='reports', Key='today')
        return await report['Body'].read()


class TestReports(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.enterContext(mock.patch.dict(os.environ, ACCOUNT))

    async def test_wrong_way(self):
        with mock_aws():
            # object bytes can't be used in 'await' expression; from Python 3.14 on:
            # 'bytes' object can't be awaited
            with self.assertRaisesRegex(TypeError, "bytes.* can't be"):
                await save_report(b'All is well')

    async def test_right_way(self):
        server = ThreadedMotoServer(ip_address='127.0.0.1', port=0)
        server.start()
        self.addCleanup(server.stop)
        host, port = server.get_host_and_port()
        url = f'http://{host}:{port}'
        urlopen(f'{url}/moto-api/reset', data=b'').close()  # forgets what other tests saved
        await save_report(b'All is well', endpoint_url=url)
        self.assertEqual(await load_report(endpoint_url=url), b'All is well')
