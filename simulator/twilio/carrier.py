"""The way of a message to the phone, reported by signed status callbacks.

Source: twilio.com/docs/messaging/guides/track-outbound-message-status. The first status sends
no callback; nothing is sent twice unless the URL's overrides ask for it.
"""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from simulator.twilio.caller import Caller, Exchange
from simulator.twilio.errors import ERRORS
from simulator.twilio.messages import API_VERSION, Message, Messages
from simulator.twilio.reports import Report

_CHANNEL_SID = f"XE{0:032x}"
Load = Callable[[Message], int | None]
Reported = Callable[[Message, str, list[Exchange]], None]
"""Told of a message, the status that was reported, and every try of the callback."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Journey:
    """The statuses a message will take, and how its callbacks come.

    ``error`` ends it with that code. ``shuffled`` reports the last status first: Twilio
    promises no order. ``wait`` is how many seconds pass before it starts. ``reports``, if there are
    any, are all that is told.
    """

    error: int | None = None
    shuffled: bool = False
    wait: float = 0.0
    reports: tuple[Report, ...] = ()

    def statuses(self) -> tuple[str, ...]:
        """The statuses in the order in which they become true."""
        if self.reports:
            return tuple(report.status for report in self.reports)
        if self.error is None:
            return ("sent", "delivered", "read")
        last = ERRORS[self.error].delivery
        return ("sent", last) if last == "undelivered" else (last,)


class Carrier:
    """Carries messages in a thread of its own that starts with the first of them.

    ``pace`` is the time in seconds between two statuses of one message. ``load`` gets a
    message's media and returns the code of what went wrong, if anything did. ``reported`` is
    told of every callback.
    """

    def __init__(self, messages: Messages, caller: Caller, load: Load, reported: Reported) -> None:
        self._messages = messages
        self._caller = caller
        self._load = load
        self._reported = reported
        self.pace = 0.0
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Message, Journey, int]] = []
        self._numbers = itertools.count()
        self._closing = False
        self._thread: threading.Thread | None = None

    def take(self, message: Message, journey: Journey) -> None:
        """Carry the message when its time comes."""
        with self._changed:
            if self._thread is None:
                self._closing = False
                self._thread = threading.Thread(target=self._run, name="carrier", daemon=True)
                self._thread.start()
            self._plan(message, journey, 0, journey.wait + self.pace)

    def close(self) -> None:
        """Carry at once all that was taken, and return when it has arrived."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._closing = True
            self._changed.notify()
        if thread is not None:
            thread.join()

    def _plan(self, message: Message, journey: Journey, step: int, seconds: float) -> None:
        due = time.monotonic() + seconds
        heapq.heappush(self._due, (due, next(self._numbers), message, journey, step))
        self._changed.notify()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            message, journey, step = task
            wrong = self._load(message) if step == 0 else None
            if wrong is not None:
                journey = Journey(wrong)
            self._carry(message, journey, step)
            if step + 1 < len(journey.statuses()):
                with self._changed:
                    self._plan(message, journey, step + 1, self._pause(journey, step + 1))

    def _pause(self, journey: Journey, step: int) -> float:
        return journey.reports[step].after if journey.reports else self.pace

    def _next(self) -> tuple[Message, Journey, int] | None:
        with self._changed:
            while True:
                if not self._due and self._closing:
                    return None
                left = self._due[0][0] - time.monotonic() if self._due else None
                if self._due and (self._closing or (left or 0.0) <= 0):
                    return heapq.heappop(self._due)[2:]
                self._changed.wait(left)

    def _carry(self, message: Message, journey: Journey, step: int) -> None:
        if journey.reports:
            self._tell(message, journey.reports[step])
            return
        statuses = journey.statuses()
        last = step == len(statuses) - 1
        advanced = self._messages.advance(
            message.sid, statuses[step], journey.error if last else None
        )
        if advanced is None or not advanced.status_callback:
            return
        if not journey.shuffled:
            self._report(advanced, statuses[step], advanced.error_code)
        elif last:
            for status in reversed(statuses):
                code = journey.error if status == statuses[-1] else None
                self._report(advanced, status, code)

    def _tell(self, message: Message, report: Report) -> None:
        code = report.code or None
        advanced = self._messages.advance(message.sid, report.status, code)
        if advanced is not None and advanced.status_callback:
            self._report(advanced, report.status, code, named=report.named)

    def _report(
        self, message: Message, status: str, code: int | None, *, named: bool = True
    ) -> None:
        form = parameters(message, status, code)
        if not named:
            del form["To"]
        exchanges = self._caller.call(message.status_callback, form)
        if not exchanges:
            _log.warning("status callback not sent: it would leave this machine")
        for exchange in exchanges:
            if not exchange.ok:
                _log.warning("status callback failed", extra={"reason": exchange.reason})
        self._reported(message, status, exchanges)


def parameters(message: Message, status: str, code: int | None = None) -> dict[str, str]:
    """Return the form that reports a status of the message."""
    form = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "ChannelInstallSid": _CHANNEL_SID,
        "ChannelPrefix": "whatsapp",
        "ChannelToAddress": f"{message.to.removeprefix('whatsapp:')[:-4]}XXXX",
        "From": message.sender,
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "To": message.to,
    }
    if status in {"delivered", "read"}:
        form["EventType"] = status.upper()
    if code is not None:
        form["ErrorCode"] = str(code)
        known = ERRORS.get(code)
        form["ChannelStatusMessage"] = known.title if known else "Unknown error"
    return form
