"""The clients, in a process of their own: `helpers.measure.load.generator PORT CLIENTS SECONDS`.

All connect, and each asks once, which nobody times. Then all start at once: each asks, waits for
its answer and asks again, until the seconds are over. generate() says what is counted; it is
printed as one line of JSON.
"""

import asyncio
import contextlib
import json
import math
import socket
import struct
import sys
import time
from typing import Any

from helpers.cli import handle_sigint
from helpers.service.serving import HOST

AT_ONCE = 250  # connections being made: fewer than a server's backlog
PATIENCE = 60  # seconds to get going, and again for the last answers
RESET = struct.pack('ii', 1, 0)  # leave with a reset: no port is kept waiting for the next run


class LoadGenerator:
    """What the clients have in common: until when they ask, and what they count."""

    def __init__(self) -> None:
        """Begin without clients."""
        self.clients: list[Connection] = []
        self.asking: set[Connection] = set()
        self.nobody_asks = asyncio.Event()
        self.until = self.last = 0.0
        self.sent = self.answered = self.wrong = self.hung_up = 0
        self.latencies: list[float] = []

    async def ask(self, until: float) -> None:
        """Let all clients ask until that time, at least once; raise TimeoutError if it hangs."""
        self.until, self.latencies = until, []
        self.nobody_asks.clear()
        self.asking.update(self.clients)
        for client in self.clients:
            client.ask()
        async with asyncio.timeout(max(0, until - time.perf_counter()) + PATIENCE):
            await self.nobody_asks.wait()

    def done(self, client: 'Connection') -> None:
        """Record that a client has stopped asking."""
        self.asking.discard(client)
        if not self.asking:
            self.nobody_asks.set()


class Connection(asyncio.Protocol):
    """One connection."""

    def __init__(self, generator: LoadGenerator) -> None:
        """Belong to a generator."""
        self.generator = generator
        self.asked, self.question, self.answer = 0.0, b'', b''

    def connection_made(self, transport: Any) -> None:
        """Be ready for the start."""
        self.transport = transport
        transport.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.generator.clients.append(self)

    def ask(self) -> None:
        """Send what no other client sends; the answer should be the same line."""
        self.generator.sent += 1
        if self.transport.is_closing():
            self.generator.done(self)
            return
        self.question = b'["MESSAGE", %d]\n' % self.generator.sent
        self.asked = time.perf_counter()
        self.transport.write(self.question)

    def data_received(self, data: bytes) -> None:
        """Count an answer once it is whole, and ask again if there is time."""
        self.answer += data
        if not self.answer.endswith(b'\n'):
            return
        now = self.generator.last = time.perf_counter()
        if self.answer == self.question:
            self.generator.answered += 1
            self.generator.latencies.append(now - self.asked)
        else:
            self.generator.wrong += 1
        self.answer = b''
        if now < self.generator.until:
            self.ask()
        else:
            self.generator.done(self)

    def connection_lost(self, why: Exception | None) -> None:
        """Count a server that hangs up."""
        self.generator.hung_up += 1
        self.generator.done(self)


async def generate(port: int, clients: int, seconds: float) -> dict[str, float]:
    """Let clients ask a server on a port for some seconds, and return what they have counted.

    Requests: `sent`, `answered`, and `wrong`, with another line than was asked for. `hung_up`:
    connections that the server has closed. `rate`: answers a second, from the start to the last
    one. `p50`, `p99`: seconds from a question to its answer. Raises OSError if not all clients can
    connect, or have their first answer, within PATIENCE.
    """
    everyone = LoadGenerator()
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE):
        for first in range(0, clients, AT_ONCE):
            some = range(first, min(first + AT_ONCE, clients))
            joining = [
                loop.create_connection(lambda: Connection(everyone), HOST, port) for _ in some
            ]
            await asyncio.gather(*joining)
    await everyone.ask(until=0)
    start = time.perf_counter()
    with contextlib.suppress(TimeoutError):  # what has not been answered by then is lost
        await everyone.ask(until=start + seconds)
    times = sorted(everyone.latencies)
    return {
        'sent': everyone.sent,
        'answered': everyone.answered,
        'wrong': everyone.wrong,
        'hung_up': everyone.hung_up,
        'rate': len(times) / (everyone.last - start) if times else 0.0,
        'p50': percentile(times, 50),
        'p99': percentile(times, 99),
    }


def percentile(ordered: list[float], percent: int) -> float:
    """Return the smallest value that so many percent do not exceed; 0 if there is none."""
    if not ordered:
        return 0.0
    rank = math.ceil(len(ordered) * percent / 100)
    return ordered[rank - 1]


if __name__ == '__main__':
    handle_sigint()
    port, clients, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    try:
        print(json.dumps(asyncio.run(generate(port, clients, seconds))))
    except KeyboardInterrupt:
        sys.exit(130)
    except TimeoutError:
        sys.exit(f'not all had their first answer within {PATIENCE} s')
    except OSError as error:
        sys.exit(f'not all could connect: {error.strerror or error}')
