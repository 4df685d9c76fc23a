"""Delivery states: what was reported of each message that was sent, and its turn."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

from lib.errors import StoreError
from lib.model import DeliveryReport, DeliveryState, FailureCause, Turn
from lib.ports.clock import Clock
from lib.ports.documents import Document, Documents, Equal, Key, Stored, Write
from lib.storage.fields import text
from lib.storage.keeping import KEPT_FOR

DELIVERIES = "whatsapp_deliveries"

# Of the reports on one message at most one for each state and once more with a reason can
# overtake this one, and the link to the turn.
_MOST_TRIES = 12


class Deliveries:
    """The store of delivery states."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    def record(self, report: DeliveryReport) -> DeliveryReport:
        """Keep the report unless a higher-ranked one is known; return the one now in force."""
        key = Key(DELIVERIES, report.sid)
        stored = self._documents.read([key]).get(key)
        for _ in range(_MOST_TRIES):
            known = stored.document if stored else {}
            if not says_more(report, known):
                return read_delivery(report.sid, known)
            news = delivery_document(report, self._clock())
            stored, ours = self._documents.write_if(key, news, stored.revision if stored else None)
            if ours:
                return read_delivery(report.sid, {**known, **news})
        raise StoreError("too many reports on one message at once")

    def find(self, sid: str) -> DeliveryReport:
        """Return what is known of an outbound message: queued, if nothing was reported yet."""
        key = Key(DELIVERIES, sid)
        stored = self._documents.read([key]).get(key)
        return read_delivery(sid, stored.document if stored else {})

    def find_all(self, sids: Collection[str]) -> dict[str, DeliveryReport]:
        """Return what is known of outbound messages, of those that anything is known of."""
        found = self._documents.read([Key(DELIVERIES, sid) for sid in sids])
        return {key.id: read_delivery(key.id, stored.document) for key, stored in found.items()}

    def await_report(self, sid: str, seconds: float) -> DeliveryReport:
        """Wait until an outbound message is sent or failed, for so many seconds at most.

        Returns what is known then.
        """
        known = read_delivery(sid, {})
        try:
            with closing(self._documents.follow(Key(DELIVERIES, sid), seconds)) as versions:
                for version in versions:
                    known = read_delivery(sid, version.document)
                    if known.state is not DeliveryState.QUEUED:
                        break
        except StoreError:
            return self.find(sid)  # the time is over, and something may have been missed
        return known

    def owners(self, sids: Collection[str]) -> dict[str, str]:
        """Return the turns that these provider ids belong to, as far as there are any."""
        found = self._documents.read([Key(DELIVERIES, sid) for sid in sids])
        turns = {key.id: text(stored.document.get("turn_id")) for key, stored in found.items()}
        return {sid: turn_id for sid, turn_id in turns.items() if turn_id}

    def sent_write(self, sid: str, turn: Turn) -> Write:
        """What says that a message was sent, for which turn and to whom."""
        end = self._clock() + KEPT_FOR
        document = {"turn_id": turn.id, "contact": turn.contact, "expire_at": end}
        return Write(Key(DELIVERIES, sid), document)

    def documents_of(self, contact: str) -> Iterator[tuple[Key, Stored]]:
        """Give the delivery states of what was sent to a contact."""
        return self._documents.query(DELIVERIES, Equal("contact", contact))


def delivery_document(report: DeliveryReport, now: datetime) -> Document:
    """What a document of ``whatsapp_deliveries`` says once something was reported."""
    return {
        "state": report.state.value,
        "error_code": report.error_code,
        "cause": report.cause.value if report.cause else "",
        "explanation": report.explanation,
        "updated_at": now,
        "expire_at": now + KEPT_FOR,
    }


def read_delivery(sid: str, document: Mapping[str, Any]) -> DeliveryReport:
    """What is known of an outbound message; queued if nothing was reported yet.

    A state that only a newer version knows is taken for sent: nothing is sent again for it.
    """
    state, cause = text(document.get("state")), document.get("cause")
    unknown = DeliveryState.SENT if state else DeliveryState.QUEUED
    return DeliveryReport(
        sid=sid,
        state=DeliveryState(state) if state in list(DeliveryState) else unknown,
        error_code=text(document.get("error_code")),
        turn_id=text(document.get("turn_id")),
        cause=FailureCause(cause) if cause in list(FailureCause) else None,
        explanation=text(document.get("explanation")),
    )


def says_more(report: DeliveryReport, document: Mapping[str, Any]) -> bool:
    """Whether a report says more than is known: further on, or the same with its reason."""
    state = text(document.get("state"))
    if state and state not in list(DeliveryState):
        return False
    known = read_delivery(report.sid, document)
    new = (report.state.rank, bool(report.error_code))
    return not state or new > (known.state.rank, bool(known.error_code))
