"""How fast messages may leave: a pace for the sender, and one for each recipient."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

MOST_RECIPIENTS = 10_000
"""Remembered at most; the one not written to for longest is forgotten, and may have a burst."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many messages may leave.

    ``per_second`` is the sender's limit. A recipient gets ``burst`` messages at once and
    then one every ``recipient_seconds``. 0 means without limit.

    Source of the defaults: Twilio's limit of a WhatsApp sender, and Meta's of a pair.
    """

    per_second: float = 80.0
    recipient_seconds: float = 6.0
    burst: int = 45


class RateLimiter:
    """Hands out the moments at which messages may leave, to all threads of a process."""

    def __init__(self, pace: RateLimit) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._sender_free = 0.0
        self._recipients: OrderedDict[str, float] = OrderedDict()

    def wait(self, address: str, now: float, longest: float) -> float:
        """Return the seconds until a message to this address may leave, and book the moment.

        ``now`` is a time in seconds of any steady clock. Nothing is booked for a message that
        would wait for more than ``longest``.
        """
        with self._lock:
            # How far the recipient is ahead of its pace (the generic cell rate algorithm).
            step = self._pace.recipient_seconds
            ahead = self._recipients.get(address, 0.0)
            at = max(now, self._sender_free, ahead - (self._pace.burst - 1) * step)
            if at - now <= longest:
                self._book(address, at, max(ahead, at) + step)
            return at - now

    def _book(self, address: str, at: float, ahead: float) -> None:
        if self._pace.per_second:
            self._sender_free = at + 1 / self._pace.per_second
        if self._pace.recipient_seconds:
            self._recipients[address] = ahead
            self._recipients.move_to_end(address)
            if len(self._recipients) > MOST_RECIPIENTS:
                self._recipients.popitem(last=False)
