"""Sockets that are connected within a time limit, and used under a deadline.

A socket's own time limit starts anew with each byte that drips in; here every wait ends at one end.
"""

import contextlib
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from lib.errors import ShortageError
from lib.shortage import has_descriptors, is_shortage, start_thread
from lib.web.errors import ShortError, UnreachedError
from lib.web.idle import close_idle

CONNECT_SECONDS = 5.0
"""At most for a new connection; nothing was sent if it is not there by then."""

Cut = Callable[[], None]
"""Ends a wait, from another thread."""

_LEAST = 0.001


class _Waits(threading.local):
    """What may end this thread's waits before their time: nothing, unless ``lib.web.waits`` may."""

    begin: Callable[[Cut], AbstractContextManager[None]] = staticmethod(lambda _: nullcontext())


waits = _Waits()


def left_until(end: float) -> float:
    """Return the seconds until then (``time.monotonic``) as a time limit, which is never zero."""
    return max(end - time.monotonic(), _LEAST)


class DeadlineSocket(socket.socket):
    """A socket whose time limit is one for everything that follows, not for each wait."""

    _end = math.inf

    def settimeout(self, value: float | None) -> None:
        """Let every wait end so many seconds from now."""
        self._end = math.inf if value is None else time.monotonic() + value
        super().settimeout(value)

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        """Read what is there, once something is."""
        self._limit()
        with waits.begin(self.cut):
            return super().recv_into(*arguments, **options)

    def send(self, *arguments: Any) -> int:
        """Send some of it."""
        self._limit()
        with waits.begin(self.cut):
            return super().send(*arguments)

    def sendall(self, *arguments: Any) -> None:
        """Send all of it."""
        self._limit()
        with waits.begin(self.cut):
            super().sendall(*arguments)

    def cut(self) -> None:
        """End what another thread waits for here: it reads the end, or an error."""
        with contextlib.suppress(OSError):  # closed, or not connected
            socket.socket.shutdown(self, socket.SHUT_RDWR)

    def _limit(self) -> None:
        if self._end == math.inf:
            return
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        super().settimeout(left)


class TlsDeadlineSocket(DeadlineSocket, ssl.SSLSocket):
    """The same over TLS; a context makes them if this is its ``sslsocket_class``."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - as ssl has it
        """Agree with the other side."""
        try:
            with waits.begin(self.cut):
                super().do_handshake(block)
        except BaseException:
            self.close()
            raise


def connected(connect: Callable[[], socket.socket], seconds: float) -> DeadlineSocket:
    """Connect, in a thread that is left behind when so many seconds are over.

    Nothing else bounds the look-up of a name and the trying of its addresses one by one. Where
    there is no descriptor for it, what clients keep open for later makes room.
    """
    end = time.monotonic() + seconds
    try:
        made = _within(seconds, connect)
    except Exception as error:
        if not _is_short(error) or not close_idle():
            raise
        made = _within(left_until(end), connect)
    limited = DeadlineSocket(made.family, made.type, made.proto, fileno=made.detach())
    limited.settimeout(left_until(end))
    return limited


def unreached(error: Exception) -> UnreachedError:
    """Say why there is no connection, by the name of what the system said."""
    name = type(_said(error)).__name__
    if _is_short(error):
        return ShortError(f"out of descriptors, threads or memory: {name}")
    return UnreachedError(name)


def _is_short(error: Exception) -> bool:
    # What is short is not always said: a name is then "not known", a certificate "not trusted".
    return is_shortage(_said(error)) or not has_descriptors()


def _said(error: Exception) -> BaseException:
    # urllib3's errors have what the system said as their cause.
    return error if isinstance(error, OSError | ShortageError) else error.__cause__ or error


def _within(seconds: float, connect: Callable[[], socket.socket]) -> socket.socket:
    outcome: SimpleQueue[socket.socket | Exception] = SimpleQueue()
    given_up = threading.Event()

    def work() -> None:
        try:
            outcome.put(connect())
        except Exception as error:  # noqa: BLE001 - raised below, for who waits
            outcome.put(error)
        if given_up.is_set():
            _close_late(outcome)

    start_thread(work, "connect")
    made: socket.socket | Exception | None = None
    try:
        with waits.begin(partial(outcome.put, TimeoutError())):
            made = outcome.get(timeout=seconds)
    except BaseException as error:
        given_up.set()
        if made is not None:
            outcome.put(made)
        _close_late(outcome)
        if isinstance(error, Empty):
            raise TimeoutError from None
        raise
    if isinstance(made, Exception):
        raise made
    return made


def _close_late(outcome: "SimpleQueue[socket.socket | Exception]") -> None:
    """Close the connection that nobody waits for any more, whoever of the two finds it."""
    with contextlib.suppress(Empty):
        while True:
            late = outcome.get_nowait()
            if isinstance(late, socket.socket):
                late.close()
