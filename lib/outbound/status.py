"""The status callback's use case: keep what became of an outbound message."""

import logging
from dataclasses import dataclass

from lib.inbound.receive import proven_form
from lib.inbound.request import HttpRequest
from lib.inbound.signature import Verifier
from lib.inbound.twilio import to_report
from lib.model import DeliveryState
from lib.outbound.delivery_errors import explained
from lib.ports import Publisher, Store

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Everything needed to keep a report: the lock, the store, and the queue for failures."""

    verifier: Verifier
    store: Store
    publisher: Publisher


def record(request: HttpRequest, recorder: Recorder) -> None:
    """Keep the report in a callback unless a later one is known, and queue a failure.

    A failure goes through the queue, behind everything else of its contact, to be acted upon
    once and in order. It is queued first: whoever sees it in the store can rely on that.

    Raises:
        WebhookError: the request is not proven, or reports on nothing.
        QueueError, StoreError: the report is not queued, or not kept.
    """
    form = proven_form(request, recorder.verifier)
    report = to_report(form)
    if report is None:
        _log.warning("unknown delivery status", extra={"status": form.get("MessageStatus")[:32]})
        return
    report = explained(report)
    if report.state is DeliveryState.FAILED and report.address:
        recorder.publisher.publish(report)
    kept = recorder.store.record_delivery(report)
    _log.info(
        "delivery status",
        extra={
            "sid": report.sid,
            "status": report.state.value,
            "in_force": kept.state.value,
            "error_code": report.error_code,
            "explanation": report.explanation,
        },
    )
