"""What ends the documents of each collection: the one table of it.

Firestore deletes by the field ``expire_at`` (``firestore.indexes.json`` says of which collections),
one machine by its sweep. A document without that field does not end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.storage.catalogue.documents import ASSISTANTS, PERMISSIONS
from lib.storage.keeping import KEPT_FOR, Keeping
from lib.storage.stores import invitations, stops
from lib.storage.stores.consents import CONSENTS
from lib.storage.stores.counters import COUNTERS
from lib.storage.stores.dead_letters import DEAD_LETTERS
from lib.storage.stores.deliveries import DELIVERIES
from lib.storage.stores.erasures import ERASURES
from lib.storage.stores.history import MESSAGES
from lib.storage.stores.invitations import INVITATIONS
from lib.storage.stores.sessions import CONTACTS, SESSIONS
from lib.storage.stores.stops import STOPS
from lib.storage.stores.switches import SETTINGS
from lib.storage.stores.turns import TURNS

_LONGEST_INVITATION = timedelta(days=365)

End = Callable[[Keeping, datetime], datetime | None]
"""Returns when a document ends that was kept without an end; None if it does not."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What ends the documents of a collection.

    ``ends`` says it, ``stays`` what of them has no end, and why; empty where all have one.
    ``otherwise`` gives one to documents of earlier versions or other programs; None where a
    document without an end is meant to have none.
    """

    ends: str
    stays: str = ""
    otherwise: End | None = None

    @property
    def expires(self) -> bool:
        """Whether documents of the collection carry an end at all."""
        return bool(self.ends)


RETENTION: Mapping[str, Retention] = {
    SESSIONS: Retention(
        "KEEP_SESSIONS_DAYS after the person last wrote; one merged into another goes after that",
        otherwise=lambda keeping, now: keeping.end_of_session(now),
    ),
    CONTACTS: Retention(
        "30 days after the session they lead to; renewed while its person writes",
        otherwise=lambda keeping, now: keeping.end_beside_session(now),
    ),
    MESSAGES: Retention("KEEP_DAYS", otherwise=lambda keeping, now: keeping.end_of_history(now)),
    DEAD_LETTERS: Retention(
        "KEEP_DEAD_LETTERS_DAYS", otherwise=lambda keeping, now: keeping.end_of_letter(now)
    ),
    TURNS: Retention(
        "7 days after it began, once it is settled",
        "what is owed to somebody: the tick works on it until it is settled",
    ),
    DELIVERIES: Retention("7 days", otherwise=lambda _, now: now + KEPT_FOR),
    STOPS: Retention("1 day", otherwise=lambda _, now: now + stops.KEPT_FOR),
    COUNTERS: Retention(
        "2 days after the first day it counts", otherwise=lambda _, now: now + KEPT_FOR
    ),
    CONSENTS: Retention(
        "3 years behind the session in which it held: as long as it may have to be proven",
        otherwise=lambda keeping, now: keeping.end_of_proof(now),
    ),
    INVITATIONS: Retention(
        "1 day after it expired",
        otherwise=lambda _, now: now + _LONGEST_INVITATION + invitations.KEPT_FOR,
    ),
    ERASURES: Retention(
        "30 days after the person asked",
        "the keyed hash of who sent STOP: they are never to be written to first; that of a number "
        "that had passed on: nobody is its first owner any more; and an erasure that is not done",
    ),
    PERMISSIONS: Retention("", "what an operator allowed or blocked holds until they change it"),
    ASSISTANTS: Retention("", "the operator's; nothing of people"),
    SETTINGS: Retention("", "the operator's flags and news, and what the gateway is"),
}
"""By collection. Everything that is written belongs to one of them."""


def ends(keeping: Keeping, now: datetime) -> dict[str, datetime]:
    """Return by collection when documents end that were kept without an end, counted from now."""
    given = {name: one.otherwise(keeping, now) for name, one in RETENTION.items() if one.otherwise}
    return {name: end for name, end in given.items() if end is not None}
