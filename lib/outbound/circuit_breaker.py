"""The gate before a provider that refuses everything: closed by errors that all sends share."""

import logging
import threading

from lib.errors import SendConfigurationError

FIRST_PAUSE = 15.0
LONGEST_PAUSE = 600.0

_log = logging.getLogger(__name__)


class CircuitBreaker:
    """Open until a send fails for reasons of configuration; then closed for a growing time.

    ``now`` is always a time in seconds of any steady clock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed_until = 0.0
        self._pause = 0.0
        self._reason: SendConfigurationError | None = None

    def check(self, now: float) -> None:
        """Return if it is open.

        Raises:
            SendConfigurationError: what closed it.
        """
        with self._lock:
            if self._reason and now < self._closed_until:
                left = self._closed_until - now
                raise SendConfigurationError(
                    f"not tried: {self._reason}", self._reason.provider_code, retry_after=left
                )

    def trip(self, error: SendConfigurationError, now: float) -> None:
        """Close it and raise the alarm, once for each time that a pause did not help."""
        with self._lock:
            if now < self._closed_until:
                return
            self._pause = min(LONGEST_PAUSE, self._pause * 2 or FIRST_PAUSE)
            self._closed_until = now + self._pause
            self._reason = error
            pause = self._pause
        _log.critical(
            "sending stopped until an operator acts",
            extra={
                "reason": str(error),
                "provider_code": error.provider_code,
                "next_try_seconds": pause,
            },
        )

    def reset(self) -> None:
        """Open it: something went through."""
        with self._lock:
            was_closed, self._reason, self._pause = self._reason is not None, None, 0.0
        if was_closed:
            _log.warning("sending resumed")
