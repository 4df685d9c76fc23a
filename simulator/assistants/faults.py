"""Faults on demand of the assistants: what the next questions will suffer."""

import threading
from collections import deque
from collections.abc import Callable

from flask import Response

_MOST_SECONDS = 600.0
HANG, ERROR = "hang", "error"


class AssistantFaults:
    """The faults still to come, for any number of threads.

    ``hang`` gives no byte for ten minutes or until all faults are cleared; ``error`` is an HTTP
    500.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead: deque[str] = deque()
        self._over = threading.Event()

    def arm(self, kind: str) -> None:
        """Let it happen to one question, after those armed before."""
        with self._lock:
            self._ahead.append(kind)

    def armed(self, kind: str) -> int:
        """Return how many questions will suffer it."""
        with self._lock:
            return self._ahead.count(kind)

    def clear(self) -> None:
        """Let nothing more happen, and end what hangs."""
        with self._lock:
            self._ahead.clear()
            self._over.set()
            self._over = threading.Event()

    def suffer(self, reply: Callable[[], Response]) -> Response:
        """Return the reply, or what the first armed fault makes of it."""
        with self._lock:
            kind = self._ahead.popleft() if self._ahead else ""
            over = self._over
        if kind == HANG:
            over.wait(_MOST_SECONDS)
        return Response("Made to fail.", 500, mimetype="text/plain") if kind else reply()
