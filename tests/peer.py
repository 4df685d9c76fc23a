"""A server of HTTP that behaves as badly as it is told, over real connections."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = bytes | Callable[[socket.socket], None]
"""What follows a request: bytes to be sent, or whatever is done with the connection."""


def answer(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    """An answer with a length."""
    lines = [f"HTTP/1.1 {status} Any", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


PUBLISHED = answer(200, b'{"messageIds":["1"]}')


def token(name: str, seconds: int = 3600) -> bytes:
    """An answer of the metadata server, or of whoever else gives tokens."""
    document = {"access_token": name, "expires_in": seconds, "token_type": "Bearer"}
    return answer(200, json.dumps(document).encode(), "Connection: close")


def hang_up(connection: socket.socket) -> None:
    """Close without a word."""
    connection.shutdown(socket.SHUT_RDWR)


def say_nothing(connection: socket.socket) -> None:
    """Wait until the other side gives up."""
    connection.recv(1)


def drip(connection: socket.socket) -> None:
    """Send a byte every tenth of a second, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.1)


def then_hang_up(step: bytes) -> Step:
    """Answer, and close the connection that could have been kept."""

    def answer_and_close(connection: socket.socket) -> None:
        connection.sendall(step)
        hang_up(connection)

    return answer_and_close


class Peer:
    """Takes the steps one after another, whatever the connection; the last one for ever."""

    def __init__(self, *steps: Step) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._steps = list(steps)
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: list[socket.socket] = []
        self.host = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._accept, daemon=True).start()

    def open_connections(self) -> int:
        """How many connections nobody has closed."""
        with self._lock:
            return len(self._open)

    def close(self) -> None:
        self._server.close()
        with self._lock:
            for connection in self._open:
                connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb") as stream:
                while request := _read(stream):
                    self._take(connection, request)
        except OSError:
            pass  # the other side went away, which is what some tests are about
        finally:
            with self._lock:
                self._open.remove(connection)
            connection.close()

    def _take(self, connection: socket.socket, request: bytes) -> None:
        with self._lock:
            self.requests.append(request)
            step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, bytes):
            connection.sendall(step)
        else:
            step(connection)


def _read(stream) -> bytes:
    head, length = b"", 0
    while line := stream.readline():
        head += line
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
        if line == b"\r\n":
            return head + stream.read(length)
    return b""


@contextmanager
def peer(*steps: Step) -> Iterator[Peer]:
    """Run a peer until the block ends."""
    running = Peer(*steps)
    try:
        yield running
    finally:
        running.close()
