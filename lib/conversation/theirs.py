"""Whose a document is: a number has what is left of whoever had it before.

By the rules of identity (decision 0045): history and consents are a person's by a name that nobody
else ever has; everything else goes by a number, and from or until the time at which that passed on.
"""

from datetime import datetime

from lib.conversation.whose import Whose
from lib.errors import EnvelopeError
from lib.model import InboundMessage
from lib.ports.documents import Document, Key, Stored
from lib.queue.decode import decode
from lib.storage.fields import text, time
from lib.storage.keeping import KEPT_FOR
from lib.storage.stores import Stores
from lib.storage.stores.consents import CONSENTS
from lib.storage.stores.deliveries import DELIVERIES
from lib.storage.stores.history import MESSAGES
from lib.storage.stores.sessions import CONTACTS, SESSIONS
from lib.storage.stores.stops import KEPT_FOR as STOPS_KEPT_FOR
from lib.storage.stores.stops import STOPS
from lib.storage.stores.turns import TURNS


def is_theirs(key: Key, stored: Stored, who: Whose, stores: Stores) -> bool:
    """Whether a document that was found by a name of a person is theirs.

    Raises:
        StoreError: nobody can tell now.
    """
    document = stored.document
    if key.collection == DELIVERIES:
        return _is_delivery_theirs(key, document, who, stores)
    rule = _RULES.get(key.collection, _is_of_their_time)
    return rule(key, document, who)


def _is_said_by_them(_: Key, document: Document, who: Whose) -> bool:
    return text(document.get("session_id")).removeprefix("whatsapp-") in who.histories


def _is_their_consent(_: Key, document: Document, who: Whose) -> bool:
    return document.get("name") in who.histories


def _is_their_link(key: Key, document: Document, who: Whose) -> bool:
    return document.get("contact") in who.contacts and key.id in who.names


def _is_their_session(key: Key, document: Document, who: Whose) -> bool:
    return key.id in who.contacts and who.had(key.id, time(document.get("last_active")))


def _is_of_their_time(key: Key, document: Document, who: Whose) -> bool:
    name = text(document.get("contact")) or text(document.get("address")) or key.id
    return who.had(name, time_of(document))


def _is_their_stop(key: Key, document: Document, who: Whose) -> bool:
    at = document.get("before") or time(document.get("expire_at")) - STOPS_KEPT_FOR
    return who.had(key.id, time(at))


_RULES = {
    STOPS: _is_their_stop,
    MESSAGES: _is_said_by_them,
    CONSENTS: _is_their_consent,
    CONTACTS: _is_their_link,
    SESSIONS: _is_their_session,
}


def _is_delivery_theirs(key: Key, document: Document, who: Whose, stores: Stores) -> bool:
    """It is of the time of its turn, which few have to be asked for; else of when it was kept."""
    name = text(document.get("contact"))
    if name not in who.since and name not in who.until:
        return name in who.names
    turn = Key(TURNS, text(document.get("turn_id")) or key.id)
    found = stores.documents.read([turn]).get(turn)
    if found is not None and "payload" in found.document:
        return who.had(name, time_of(found.document))
    return who.had(name, time(document.get("expire_at")) - KEPT_FOR)


def time_of(document: Document) -> datetime:
    """When what a document is about was sent, else when it was written."""
    if payload := text(document.get("payload")):
        try:
            message = decode(payload.encode(errors="replace"))
        except EnvelopeError:
            message = None
        if isinstance(message, InboundMessage):
            return message.received_at
    fields = (document.get(name) for name in ("at", "created_at", "before", "last_active"))
    return time(next((one for one in fields if isinstance(one, datetime)), None))
