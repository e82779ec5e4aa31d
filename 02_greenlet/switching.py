"""Is it truly green? A hundred clients at once ask stage 1's server, whose handler waits 0.2 s."""

import _thread
import socket
import sys
import threading
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ('', '01_sync')]

from helpers.client import Client
from helpers.command import HOST
from receive import handlers
from server import Connection, Server


def packages() -> set[str]:
    """Return the packages that sockets, threads and waiting come from."""
    blocking = socket.socket, _thread.start_new_thread, time.sleep
    return {name.__module__.partition('.')[0] for name in blocking}


def os_threads_of(clients: int) -> set[int]:
    """Serve that many clients at once and return the operating system's threads that did it."""
    handlers['message'] = lambda wait: time.sleep(wait) or threading.get_native_id()
    with Server((HOST, 0), Connection) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        answers = []

        def ask():
            with Client(server.server_address[1]) as client:
                answers.append(client.ask('MESSAGE', 0.2)[1])

        threads = [threading.Thread(target=ask) for _ in range(clients)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        server.shutdown()
    return set(answers)


if __name__ == '__main__':
    start = time.perf_counter()
    used = len(os_threads_of(clients=100))
    print(f'100 clients served by {used} OS thread(s) in {time.perf_counter() - start:.1f} s')
