"""A WSGI application as a server on this machine, in threads of its own."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HOST = "127.0.0.1"
_LONGEST_END = 2.0


class RunningServer:
    """A server that answers until it is closed; ``url`` has no slash at its end."""

    def __init__(self, server: "_Server") -> None:
        self.url = f"http://{_HOST}:{server.port}"
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, args=(0.05,), name=f"server-{server.port}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Take no more requests, and cut off those in hand; return when the port is free.

        An answer that waits for its client, as a stream does, ends with it: no thread is left.
        """
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up(_LONGEST_END)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def serve(app: "WSGIApplication", port: int = 0) -> RunningServer:
    """Serve the application on 127.0.0.1; port 0 means any free one.

    Raises:
        OSError: the port is taken.
    """
    # Bound here, since werkzeug ends the whole process where it cannot bind.
    with socket.create_server((_HOST, port)) as bound:
        server = _Server(_HOST, bound.getsockname()[1], app, _QuietHandler, fd=bound.fileno())
    return RunningServer(server)


class _Server(ThreadedWSGIServer):
    """Knows who is being answered, and in which thread."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._answering: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        super().__init__(*arguments, **named)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a new connection in a thread of its own."""
        answer = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        with self._lock:
            self._answering[request] = answer
        answer.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer one connection, and forget it."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._answering[request]

    def hang_up(self, seconds: float) -> None:
        """Close every connection, and wait this long at most for those who answered them."""
        with self._lock:
            answering = dict(self._answering)
        for connection in answering:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        deadline = time.monotonic() + seconds
        for thread in answering.values():
            thread.join(max(0.0, deadline - time.monotonic()))


class _QuietHandler(WSGIRequestHandler):
    """Logs no requests: their paths hold phone numbers."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Do nothing."""
