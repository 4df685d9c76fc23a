"""Waiting for the provider to confirm that a chunk is on its way."""

import time

from lib.model import DeliveryReport, DeliveryState
from lib.ports import Store

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 0.4


def settled_report(store: Store, sid: str, longest: float) -> DeliveryReport:
    """Return what is known of a message once it is sent or failed, or after ``longest`` seconds.

    Status callbacks arrive at another function, so the store is asked, less and less often.
    """
    deadline = time.monotonic() + longest
    pause = _FIRST_PAUSE
    while True:
        time.sleep(max(0.0, min(pause, deadline - time.monotonic())))
        report = store.delivery(sid)
        if report.state is not DeliveryState.QUEUED or time.monotonic() >= deadline:
            return report
        pause = min(pause * 1.5, _LONGEST_PAUSE)
