"""A sender that keeps the pace and is patient with what passes."""

import logging
import time
from datetime import datetime

from lib.backoff import Backoff
from lib.errors import SendConfigurationError, SendRetryableError
from lib.outbound.circuit_breaker import CircuitBreaker
from lib.outbound.rate_limit import RateLimit, RateLimiter
from lib.ports.sender import Form, Sender

LONGEST_WAIT = 8.0
"""Seconds spent on one send before it is left to the queue, so that its worker is free."""

_log = logging.getLogger(__name__)

BACKOFF = Backoff(first=0.4, longest=4.0)


class RetryingSender:
    """Sends through another sender: in pace, and again where that is safe.

    What was surely not taken is tried again for a few seconds, at the provider's own time if it
    names one. After an error that every send would share, none is tried for a while.
    """

    def __init__(
        self,
        sender: Sender,
        pace: RateLimit,
        *,
        longest_wait: float = LONGEST_WAIT,
        backoff: Backoff = BACKOFF,
    ) -> None:
        self._sender = sender
        self._limiter = RateLimiter(pace)
        self._breaker = CircuitBreaker()
        self._longest_wait = longest_wait
        self._backoff = backoff

    def send(self, address: str, text: str, form: Form | None = None) -> str:
        """Send one chunk; see the port."""
        deadline = time.monotonic() + self._longest_wait
        attempt = 0
        while True:
            attempt += 1
            self._await_turn(address, deadline)
            try:
                sid = self._sender.send(address, text, form)
            except SendConfigurationError as error:
                self._breaker.trip(error, time.monotonic())
                raise
            except SendRetryableError as error:
                pause = max(error.retry_after, self._backoff.after(attempt).total_seconds())
                if time.monotonic() + pause > deadline:
                    raise
                facts = {"code": error.code, "provider_code": error.provider_code}
                _log.warning("send tried again", extra={**facts, "pause_ms": round(pause * 1000)})
                time.sleep(pause)
            else:
                self._breaker.reset()
                return sid

    def find(self, address: str, text: str, since: datetime, form: Form | None = None) -> list[str]:
        """Look a chunk up; see the port."""
        return self._sender.find(address, text, since, form)

    def reopen_window(self, address: str) -> bool:
        """Ask a person to write; see the port."""
        self._await_turn(address, time.monotonic() + self._longest_wait)
        return self._sender.reopen_window(address)

    def _await_turn(self, address: str, deadline: float) -> None:
        now = time.monotonic()
        self._breaker.check(now)
        wait = self._limiter.wait(address, now, max(0.0, deadline - now))
        if wait > deadline - now:
            raise SendRetryableError("too many messages already", retry_after=wait)
        if wait > 0:
            time.sleep(wait)
