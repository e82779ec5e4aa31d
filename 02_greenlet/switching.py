"""Is it truly green? A hundred clients at once ask stage 1's server, whose handler waits 0.2 s."""

import _thread
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
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


def ask(port: int) -> int:
    """Return the operating system's thread in which a server's handler waited for 0.2 s."""
    with Client(port) as client:
        return int(client.ask('MESSAGE', 0.2)[1])  # the text of an error is no thread


def message(wait: float) -> int:
    """Handle a message: wait, and return the operating system's thread that waited."""
    time.sleep(wait)
    return threading.get_native_id()


if __name__ == '__main__':
    handlers['message'] = message
    with Server((HOST, 0), Connection) as server, ThreadPoolExecutor(100) as clients:
        start = time.perf_counter()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        threads = set(clients.map(ask, [server.server_address[1]] * 100))
        print(f'100 clients served by {len(threads)} OS thread(s)', end=' ')
        print(f'in {time.perf_counter() - start:.1f} s')
        server.shutdown()
