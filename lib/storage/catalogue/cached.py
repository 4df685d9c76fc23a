"""A value that changes rarely, read again beside other work instead of before it."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from lib.errors import GatewayError
from lib.ports.clock import Clock

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Cached(Generic[T]):
    """Loads a value again when it is no longer ``fresh``, in one thread for all who ask.

    Where loading fails, the old value serves until it is older than ``usable``.
    """

    def __init__(
        self, load: Callable[[], T], clock: Clock, *, fresh: timedelta, usable: timedelta
    ) -> None:
        self._load = load
        self._clock = clock
        self._fresh = fresh
        self._usable = usable
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cached")
        self._current: Future[T] | None = None
        self._known: tuple[T, datetime] | None = None

    def begin(self) -> "Future[T]":
        """Start loading if that is needed; the future gives the value, or raises StoreError."""
        with self._lock:
            if self._current is None or (self._current.done() and self._age() >= self._fresh):
                self._current = self._submitted()
            return self._current

    def _submitted(self) -> "Future[T]":
        try:
            return self._thread.submit(self._refresh)
        except RuntimeError:  # the system has no thread to give: then beside nothing
            return _done(self._refresh)

    def _refresh(self) -> T:
        now = self._clock()
        try:
            self._known = (self._load(), now)
        except Exception as error:
            if self._known is None or self._age() > self._usable:
                raise
            reason = str(error) if isinstance(error, GatewayError) else type(error).__name__
            _log.warning("cached value used", extra={"reason": reason})
        return self._known[0]

    def _age(self) -> timedelta:
        return timedelta.max if self._known is None else self._clock() - self._known[1]


def _done(load: Callable[[], T]) -> "Future[T]":
    future: Future[T] = Future()
    try:
        future.set_result(load())
    except Exception as error:  # noqa: BLE001 - raised by whoever asks for the value, as ever
        future.set_exception(error)
    return future
