"""The baseline: a server that only echoes lines, without receive(), protocol and JSON.

On green threads it is the one with threads, under green.py's patch, as stage 2 is stage 1. The
frameworks' own servers are no faster. With 10,000 clients, gevent's StreamServer gave 15,200
answers per second where this one gave 21,900, and eventlet.serve() 13,300 where it gave 13,200.
"""

import asyncio
import contextlib
import socketserver
import sys
import time

from helpers.service import serving


def threads(port: int, delay: float) -> None:
    """Serve each client in a thread, until interrupted."""

    class Echo(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                for line in self.rfile:
                    time.sleep(delay)
                    self.wfile.write(line)

    class Server(serving.ServerMixin, socketserver.ThreadingTCPServer):
        pass

    with Server((serving.HOST, port), Echo) as server:
        serving.print_address(server.socket)
        server.serve_forever()


async def tasks(port: int, delay: float) -> None:
    """Serve each client in an asyncio task, until cancelled."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Cancelled at the end: a task has nothing more to do then.
        with contextlib.suppress(OSError, asyncio.CancelledError), contextlib.closing(writer):
            while line := await reader.readline():
                await asyncio.sleep(delay)
                writer.write(line)
                await writer.drain()

    server = await asyncio.start_server(echo, serving.HOST, port, backlog=serving.BACKLOG)
    serving.print_address(server.sockets[0])
    await asyncio.Event().wait()


def run_tasks(port: int, delay: float) -> None:
    """Run tasks() in an event loop."""
    asyncio.run(tasks(port, delay))


if __name__ == '__main__':
    kind = sys.argv.pop(1)
    serving.main(threads if kind == 'threads' else run_tasks)
