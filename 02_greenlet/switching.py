"""Is it truly green? A hundred clients at once ask stage 1's server, whose handler waits 0.2 s."""

import _thread
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(KIT))  # where helpers is
sys.path.insert(0, str(KIT / '01_sync'))

from helpers.service.client import Client
from helpers.service.serving import HOST
from receive import handlers
from server import Connection, Server


def sources_of_blocking_calls() -> set[str]:
    """Return the packages that sockets, threads and `sleep` come from."""
    blocking_calls = [socket.socket, _thread.start_new_thread, time.sleep]
    sources = {call.__module__ for call in blocking_calls}
    return {source.partition('.')[0] for source in sources}


def message(wait: float) -> int:
    """Handle a message: wait, and return the number of the OS thread that waited."""
    time.sleep(wait)
    return threading.get_native_id()


def ask(port: int) -> int:
    """Ask the server to wait for 0.2 s, and return the number of the OS thread that did."""
    with Client(port) as client:
        kind, answer = client.ask('MESSAGE', 0.2)
    assert kind == 'MESSAGE', answer
    return int(answer)


if __name__ == '__main__':
    handlers['message'] = message
    with Server((HOST, 0), Connection) as server, ThreadPoolExecutor(100) as pool:
        start = time.perf_counter()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        thread_ids = set(pool.map(ask, [port] * 100))
        seconds = time.perf_counter() - start
        print(f'100 clients served by {len(thread_ids)} OS thread(s) in {seconds:.1f} s')
        server.shutdown()
