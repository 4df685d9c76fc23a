"""A connection whose every wait ends at the deadline of the exchange it is used for.

A socket's own time limit would start again with every byte that drips in.
"""

import io
import select
import socket
import time
from typing import TYPE_CHECKING

from lib.web.answer import Answer, read_answer

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Wire(io.RawIOBase):
    """A connected socket as a stream, with a deadline (``time.monotonic``)."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.deadline = 0.0

    def readable(self) -> bool:
        """Whether it can be read from."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read what is there, once something is."""
        self._limit()
        return self._socket.recv_into(buffer)

    def send_all(self, data: bytes) -> None:
        """Send all of it."""
        rest = memoryview(data)
        while rest:
            self._limit()
            rest = rest[self._socket.send(rest) :]

    def has_news(self) -> bool:
        """Whether there is something to read, or an end to notice."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Close the socket too."""
        self._socket.close()
        super().close()

    def _limit(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)


class Connection:
    """An open connection, for one exchange at a time. ``used_at`` is when the last one ended."""

    def __init__(self, connected: socket.socket) -> None:
        self._wire = Wire(connected)
        self._answers = io.BufferedReader(self._wire)
        self.used_at = 0.0

    def exchange(self, request: bytes, deadline: float, most_bytes: int) -> Answer:
        """Send a request and read the answer to it; see ``read_answer`` for the errors."""
        self._wire.deadline = deadline
        self._wire.send_all(request)
        answer = read_answer(self._answers, most_bytes)
        self.used_at = time.monotonic()
        return answer

    def was_closed(self) -> bool:
        """Whether the server has closed it meanwhile; it has nothing else to say unasked."""
        return self._wire.has_news()

    def close(self) -> None:
        """Close it."""
        self._answers.close()
