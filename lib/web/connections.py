"""Connections to one server that are kept for the next exchange."""

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

from lib.errors import ShortageError
from lib.shortage import has_descriptors, is_shortage, start_thread
from lib.web.answer import Answer
from lib.web.errors import ExchangeError, LateError, ShortError, UnreachedError
from lib.web.ways import Way, Ways
from lib.web.wire import Connection

MOST_CONNECTIONS = 64
"""Kept for one server while nobody uses them: each is a descriptor that others may need."""

CONNECT_SECONDS = 5.0
"""At most for a new connection; nothing was sent if it is not there by then."""

IDLE_SECONDS = 60.0
"""Servers, and whatever lies between, drop what is idle for minutes, some without a word."""


class Connections:
    """For all threads. The connection used last is used first; the rest grow old.

    ``make_room`` is called where there is no descriptor for a new one: it closes what nobody
    uses, and says whether there was anything.
    """

    def __init__(
        self,
        ways: Ways,
        way: Way,
        idle_seconds: float = IDLE_SECONDS,
        make_room: Callable[[], bool] = bool,
    ) -> None:
        self.way = way
        self._make_room = make_room
        self._ways = ways
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._idle: deque[Connection] = deque()

    def exchange(self, request: bytes, seconds: float, most_bytes: int) -> Answer:
        """Send a request once and return the answer; see ``Client`` for the errors."""
        if seconds <= 0:
            raise LateError("no time left")
        deadline = time.monotonic() + seconds
        connection = self._take() or self._connected(min(seconds, CONNECT_SECONDS))
        try:
            answer = connection.exchange(request, deadline, most_bytes)
        except BaseException as error:
            connection.close()
            if isinstance(error, TimeoutError):
                raise LateError("no whole answer") from None
            if isinstance(error, OSError):
                raise ExchangeError(type(error).__name__) from None
            raise
        self._give_back(connection, last=answer.last)
        return answer

    def close(self) -> bool:
        """Close what is kept for the next exchange; return whether there was anything."""
        with self._lock:
            idle = list(self._idle)
            self._idle.clear()
        for connection in idle:
            connection.close()
        return bool(idle)

    def _take(self) -> Connection | None:
        while (connection := self._newest()) is not None:
            if not connection.was_closed():
                return connection
            connection.close()
        return None

    def _newest(self) -> Connection | None:
        oldest = time.monotonic() - self._idle_seconds
        with self._lock:
            while self._idle and self._idle[0].used_at < oldest:
                self._idle.popleft().close()
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: Connection, *, last: bool) -> None:
        with self._lock:
            if not last and len(self._idle) < MOST_CONNECTIONS:
                self._idle.append(connection)
                return
        connection.close()

    def _connected(self, seconds: float) -> Connection:
        deadline = time.monotonic() + seconds
        try:
            return self._try(seconds)
        except ShortError:
            if not self._make_room():
                raise
            return self._try(deadline - time.monotonic())

    def _try(self, seconds: float) -> Connection:
        """Connect in a thread that is left behind when the time is over.

        Nothing else bounds the look-up of a name and the trying of its addresses one by one.
        """
        outcome: SimpleQueue[Connection | Exception] = SimpleQueue()
        given_up = threading.Event()

        def connect() -> None:
            try:
                outcome.put(Connection(self._ways.connect(self.way, seconds)))
            except Exception as error:  # noqa: BLE001 - raised below, for who waits
                outcome.put(error)
            if given_up.is_set():
                _close_late(outcome)

        try:
            start_thread(connect, "connect")
            connected = outcome.get(timeout=max(seconds, 0.0))
        except ShortageError as error:
            raise ShortError(str(error)) from None
        except Empty:
            given_up.set()
            _close_late(outcome)
            raise UnreachedError(TimeoutError.__name__) from None
        if isinstance(connected, Exception):
            raise _unreached(connected)
        return connected


def _unreached(error: Exception) -> Exception:
    # What is short is not always said: a name is then "not known", a certificate "not trusted".
    if is_shortage(error) or not has_descriptors():
        return ShortError(f"out of descriptors or memory: {type(error).__name__}")
    if isinstance(error, OSError | ExchangeError | ValueError):
        return UnreachedError(type(error).__name__)
    return error


def _close_late(outcome: "SimpleQueue[Connection | Exception]") -> None:
    """Close the connection that nobody waits for any more, whoever of the two finds it."""
    try:
        late = outcome.get_nowait()
    except Empty:
        return
    if isinstance(late, Connection):
        late.close()
