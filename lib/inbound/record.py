"""The status callback's use case: keep what became of an outbound message."""

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lib.inbound.receive import verified_form
from lib.model import DeliveryReport, DeliveryState
from lib.ports.publisher import Publisher
from lib.twilio.codes import explained
from lib.twilio.request import HttpRequest
from lib.twilio.signature import Verifier
from lib.twilio.webhooks import to_report

if TYPE_CHECKING:  # the status function starts without the stores
    from lib.storage.stores import Stores

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Everything needed to keep a report: the lock, the stores, and the queue for failures.

    ``pauses`` are the seconds between looks for the turn of a message that was only just taken.
    """

    verifier: Verifier
    stores: "Stores"
    publisher: Publisher
    pauses: tuple[float, ...] = (0.2, 1.0)


def record(request: HttpRequest, recorder: Recorder) -> None:
    """Keep the report in a callback unless a later one is known, and queue a failure.

    A failure goes through the queue, behind everything else of its contact, to be acted upon
    once and in order. It is queued first: whoever sees it in the store can rely on that. One
    whose person is known neither from the callback nor by its turn is only kept.

    Raises:
        WebhookError: the request is not proven, or reports on nothing.
        QueueError, StoreError: the report is not queued, or not kept.
    """
    form = verified_form(request, recorder.verifier)
    report = to_report(form)
    if report is None:
        _log.warning("unknown delivery status", extra={"status": form.get("MessageStatus")[:32]})
        return
    report = explained(report)
    is_failure = report.state is DeliveryState.FAILED
    kept = (_keep_failure if is_failure else _keep)(report, recorder)
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


def _keep(report: DeliveryReport, recorder: Recorder) -> DeliveryReport:
    return recorder.stores.deliveries.record(report)


def _keep_failure(report: DeliveryReport, recorder: Recorder) -> DeliveryReport:
    address = _address_of_turn(report, recorder, recorder.pauses)
    _publish(report, address or report.address, recorder.publisher)
    kept = _keep(report, recorder)
    # Whoever notes the send from here on finds what was kept.
    if not address and (address := _address_of_turn(report, recorder, ())):
        _publish(report, address, recorder.publisher)
    return kept


def _publish(report: DeliveryReport, address: str, publisher: Publisher) -> None:
    if address:
        publisher.publish(replace(report, address=address))
    else:
        _log.warning("delivery failure of an unknown contact", extra={"sid": report.sid})


def _address_of_turn(report: DeliveryReport, recorder: Recorder, pauses: tuple[float, ...]) -> str:
    """Return the address under which the message's turn was queued; empty if there is no turn.

    The turn knows it better: a callback may have no ``To``, or the number in another form, and is
    then queued beside the turn, not behind it. Where there is no turn, it is looked for again: the
    callback may have overtaken our own note of the send. Who sends slowly looks for what was kept
    meanwhile; what a crash leaves unnoted is found when the turn is taken over.
    """
    stores = recorder.stores
    for pause in (0.0, *pauses):
        time.sleep(pause)
        turn_id = stores.deliveries.owners([report.sid]).get(report.sid, "")
        turn = stores.turns.find(turn_id) if turn_id else None
        if turn is not None:
            return turn.address
    return ""
