"""A WSGI application as a server on this machine, in threads of its own."""

import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HOST = "127.0.0.1"


class RunningServer:
    """A server that answers until it is closed; ``url`` has no slash at its end."""

    def __init__(self, server: BaseWSGIServer) -> None:
        self.url = f"http://{_HOST}:{server.port}"
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, args=(0.05,), name=f"server-{server.port}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Take no more requests; return when the port is free."""
        self._server.shutdown()
        self._thread.join()

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
        server = make_server(
            _HOST,
            bound.getsockname()[1],
            app,
            threaded=True,
            request_handler=_QuietHandler,
            fd=bound.fileno(),
        )
    return RunningServer(server)


class _QuietHandler(WSGIRequestHandler):
    """Logs no requests: their paths hold phone numbers."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Do nothing."""
