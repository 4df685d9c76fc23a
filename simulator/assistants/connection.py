"""The connection by which a question came, and whether its client still listens."""

import select
import socket
import time

from flask import request


class HungUpError(ConnectionError):
    """The client has closed the connection, or it is cut here; the server writes no more."""


class Connection:
    """Waits as a slow assistant does, and notices at once when nobody waits with it."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)

    def wait(self, seconds: float) -> None:
        """Return after that time.

        Raises:
            HungUpError: the client has closed the connection.
        """
        deadline = time.monotonic() + seconds
        if self._poll.poll(max(0.0, seconds) * 1000) and self._is_closed():
            raise HungUpError
        # A client that said more than its question is still there.
        time.sleep(max(0.0, deadline - time.monotonic()))

    def _is_closed(self) -> bool:
        try:
            return not self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True


def of_request() -> Connection:
    """Return the connection of the request in hand."""
    return Connection(request.environ["werkzeug.socket"])
