"""Why does coverage miss lines after `await session.execute()`, although they ran?

SQLAlchemy's asyncio part runs in greenlets, in which the classic tracer (core = ctrace) loses its
place: in a FastAPI or Starlette app many lines after the call count as missing. Set `concurrency =
greenlet, thread`: `greenlet` alone loses the threads, and TestClient runs the app in one. From
Python 3.14 on, leave `concurrency` out: the default, core = sysmon, misses nothing.
Needs: `sqlalchemy`, `starlette` (`pip install "sqlalchemy[aiosqlite]" starlette httpx2 coverage`).
"""

import subprocess
import sys

import pytest

PROGRAM = """
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

engine = create_async_engine('sqlite+aiosqlite:///:memory:')


async def show_price(request):
    async with engine.connect() as connection:
        price = await connection.scalar(text('SELECT 120'))
        answer = f'It costs {price} euros'
        return PlainTextResponse(answer)


app = Starlette(routes=[Route('/price', show_price)])
print(TestClient(app).get('/price').text)
"""


@pytest.fixture
def measure(tmp_path):
    """Return a function that runs the program, and returns its coverage in percent."""
    (tmp_path / 'program.py').write_text(PROGRAM)

    def measure(*settings):
        (tmp_path / '.coveragerc').write_text('\n'.join(['[run]', *settings]))
        coverage = [sys.executable, '-m', 'coverage']
        subprocess.run([*coverage, 'run', 'program.py'], cwd=tmp_path, check=True)
        report = [*coverage, 'report', '--include=program.py', '--format=total']
        return int(subprocess.run(report, cwd=tmp_path, capture_output=True).stdout)

    return measure


def test_wrong_way(measure):
    assert measure('core = ctrace') < 100


def test_wrong_way_without_thread(measure):
    assert measure('concurrency = greenlet') < measure('core = ctrace')


def test_right_way(measure):
    assert measure('concurrency = greenlet, thread') == 100
