"""A request to the stand-in, told as a step on a message's way."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response

from simulator.twilio.bus import Bus, Step
from simulator.twilio.faults import Fault, FaultKind
from simulator.twilio.refusals import RefusedError

_FATES = {
    FaultKind.TIME_OUT: "not taken, and no answer",
    FaultKind.CUT_BEFORE: "not taken, and the connection cut",
    FaultKind.CRASH: "not taken, and the gateway killed",
    FaultKind.CUT_AFTER: "taken, and the answer lost",
    FaultKind.DELAY: "taken, and answered late",
}
_SPOILT = {
    FaultKind.REDIRECT: "sent elsewhere",
    FaultKind.EXPIRED: "sent to an address that is valid no more",
    FaultKind.CUT_WITHIN: "half of it, then the connection cut",
    FaultKind.ENDLESS: "bytes without end",
    FaultKind.DRIP: "a byte at a time, without end",
    FaultKind.WRONG_TYPE: "as what it is not",
    FaultKind.LONGER: "more than announced",
    FaultKind.GZIP_BOMB: "a gigabyte, compressed",
}
"""Media that go wrong although HTTP does not."""


@dataclass(slots=True)
class Told:
    """What is known of the request when it ends."""

    fault: Fault | None = None
    response: Response | None = None
    refused: RefusedError | None = None
    message_sid: str = ""

    def carried_out(self, response: Response) -> Response:
        """Note which message the request made."""
        self.message_sid = str((response.get_json() or {}).get("sid", ""))
        return response

    def words(self) -> str:
        """What became of it."""
        if self.refused is not None:
            return f"HTTP {self.refused.status}, error {self.refused.code}"
        fate = _FATES.get(self.fault.fault) if self.fault else None
        if fate is not None:
            return fate
        status = self.response.status_code if self.response else 0
        spoilt = _SPOILT.get(self.fault.fault) if self.fault else None
        if spoilt is not None:
            return f"HTTP {status}, {spoilt}"
        code = f", error {self.fault.code}" if self.fault and not self.ok else ""
        return f"HTTP {status}{code}"

    @property
    def ok(self) -> bool:
        """Whether the caller got in time what it asked for, or where that is."""
        wrong = self.fault is not None and self.fault.fault in _FATES.keys() | _SPOILT.keys()
        return not wrong and self.response is not None and self.response.status_code < 400  # noqa: PLR2004 - HTTP's range


@contextmanager
def telling(bus: Bus, title: str, to: str) -> Iterator[Told]:
    """Tell the bus of a request about the person ``to`` when it has ended."""
    started, at, told = time.monotonic(), datetime.now(UTC), Told()
    try:
        yield told
    except RefusedError as error:
        told.refused = error
        raise
    finally:
        step = Step(
            message_sid=told.message_sid,
            actor="twilio",
            title=title,
            at=at,
            detail=told.words(),
            milliseconds=round((time.monotonic() - started) * 1000),
            ok=told.ok,
            address=to.removeprefix("whatsapp:"),
        )
        bus.tell(step)
