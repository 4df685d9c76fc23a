"""A breaker for optional features: one that fails is passed over, and switched off for a while."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from lib.errors import GatewayError

MOST_FAILURES = 3
WITHIN = timedelta(minutes=1)
OFF_FOR = timedelta(minutes=10)

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Breaker:
    """What failed lately in this process, for all its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: dict[str, list[datetime]] = {}
        self._off_until: dict[str, datetime] = {}

    def off(self, now: datetime) -> frozenset[str]:
        """Return the features that are switched off now; mostly none."""
        if not self._off_until:
            return frozenset()
        with self._lock:
            return frozenset(name for name, until in self._off_until.items() if now < until)

    def note(self, name: str, error: Exception, now: datetime) -> None:
        """Note a failure; with the third one in a minute the feature is switched off."""
        facts = {"feature": name, "reason": f"{type(error).__name__} at {_place(error)}"}
        _log.error("optional feature failed", extra=facts)
        with self._lock:
            lately = [one for one in self._failures.get(name, []) if now - one < WITHIN]
            self._failures[name] = [*lately, now]
            if len(lately) + 1 < MOST_FAILURES:
                return
            self._failures[name] = []
            is_new = now >= self._off_until.get(name, now)
            self._off_until[name] = now + OFF_FOR
        if is_new:
            _log.error("optional feature switched off", extra=facts)


def optional(
    name: str, run: Callable[[], T], plain: Callable[[], T], breaker: Breaker, now: datetime
) -> T:
    """Return what a feature makes of something, or where it breaks, what is made without it.

    Errors of the gateway's own say that something outside failed: they are for the caller.
    """
    try:
        return run()
    except GatewayError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, an answer without the feature is one
        breaker.note(name, error, now)
        return plain()


def _place(error: Exception) -> str:
    """Where it was raised: what an error says may be somebody's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
