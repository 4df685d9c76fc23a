"""The status callback's use case: keep what became of an outbound message."""

import logging
from dataclasses import dataclass

from lib.inbound.receive import proven_form
from lib.inbound.request import HttpRequest
from lib.inbound.signature import Verifier
from lib.inbound.twilio import to_report
from lib.ports import Store

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Everything needed to keep a report: the lock and the store."""

    verifier: Verifier
    store: Store


def record(request: HttpRequest, recorder: Recorder) -> None:
    """Keep the report in a callback unless a later one is known.

    Raises:
        WebhookError: the request is not proven, or reports on nothing.
        StoreError: the report is not kept.
    """
    form = proven_form(request, recorder.verifier)
    report = to_report(form)
    if report is None:
        _log.warning("unknown delivery status", extra={"status": form.get("MessageStatus")[:32]})
        return
    kept = recorder.store.record_delivery(report)
    _log.info(
        "delivery status",
        extra={
            "sid": report.sid,
            "status": report.state.value,
            "in_force": kept.state.value,
            "error_code": report.error_code,
        },
    )
