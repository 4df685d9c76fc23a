"""Opting out that is learnt from the provider: WhatsApp's own buttons, or a word said elsewhere."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from lib.address import is_phone, mask
from lib.model import DeliveryReport, Session, Turn
from lib.ports.documents import Write
from lib.storage.stores import Stores
from lib.storage.stores.sessions import standing_write

if TYPE_CHECKING:
    from lib.storage.stores.consents import ConsentEvent

REVOKED_CODES = frozenset({"21610", "63014"})
"""Twilio's codes for it: opted out, and blocked or consent withdrawn (error dictionary)."""

_log = logging.getLogger(__name__)


def revoked_writes(
    turn: Turn, code: str, proof: str, now: datetime, stores: Stores
) -> tuple[Write, ...]:
    """What is kept where a failure says that a person opted out: that holds until they say START.

    ``proof`` is the message that failed. Nothing is, if it says something else, if they took it
    back since, or if the number is somebody else's by now.
    """
    if code not in REVOKED_CODES:
        return ()
    from lib.storage.stores.consents import REVOKED, ConsentEvent  # noqa: PLC0415 - seldom needed

    contact, session = turn.contact, stores.sessions.find(turn.contact)
    since = (session.opted_in_at, session.number_since) if session else ()
    if any(turn.created_at < at for at in since if at is not None):
        return ()
    event = ConsentEvent(session.name if session else contact, REVOKED, code, proof, now)
    beside = _beside(session, event, (contact, turn.address), stores)
    return *beside, stores.sessions.proof(event)


def learn(report: DeliveryReport, now: datetime, stores: Stores) -> None:
    """Keep what a failure says of a person that is of no turn: one that we wrote to first.

    Of somebody who was forgotten nothing is kept.

    Raises:
        StoreError: it is not kept.
    """
    if report.error_code not in REVOKED_CODES or not report.address:
        return
    from lib.storage.stores.consents import REVOKED, ConsentEvent  # noqa: PLC0415 - seldom needed

    user_id = "" if is_phone(report.address) else report.address
    person = stores.conversations.read(report.address, user_id)
    if person.session is None and person.forgotten is not None:
        return
    event = ConsentEvent(person.name, REVOKED, report.error_code, report.sid, now)
    beside = _beside(person.session, event, (person.contact, report.address), stores)
    if stores.consents.keep(stores.sessions.proof(event), beside):
        _log.info("person opted out", extra={"address": mask(report.address)})


def _beside(
    session: Session | None, event: "ConsentEvent", names: Iterable[str], stores: Stores
) -> tuple[Write, ...]:
    """What follows from an opting out: in the session, if there is one, and for good."""
    marks = stores.sessions.marks_of(names, event.at)
    if session is None:
        return marks
    return standing_write(session.contact, event.id, event.at), *marks
