"""What is kept, by noun: the form of its documents, and what is asked of them.

Each store is written once, on the port of documents. It says ``documents_of(contact)``: every
document in which it keeps something of a person, so that all of them can be shown or deleted. What
goes into a turn's commit is a tuple of writes that the stores make. Fields are named as in
Firestore. Reading is lenient: documents written before a field existed, or by others with fields
of their own, keep working.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.ports.clock import Clock
from lib.ports.documents import Documents
from lib.storage.keeping import DEFAULT_KEEPING, Keeping
from lib.storage.stores.conversations import Conversations
from lib.storage.stores.counters import Counters
from lib.storage.stores.dead_letters import DeadLetters
from lib.storage.stores.deliveries import Deliveries
from lib.storage.stores.erasures import Erasures
from lib.storage.stores.history import History
from lib.storage.stores.merges import Merges
from lib.storage.stores.sessions import Sessions
from lib.storage.stores.stops import Stops
from lib.storage.stores.turns import Turns

if TYPE_CHECKING:  # few messages need them
    from lib.storage.stores.consents import Consents
    from lib.storage.stores.invitations import Invitations


@dataclass(frozen=True, slots=True)
class Stores:
    """All stores of one database. Each of their methods raises StoreError as the database does."""

    turns: Turns
    conversations: Conversations
    sessions: Sessions
    history: History
    deliveries: Deliveries
    dead_letters: DeadLetters
    counters: Counters
    stops: Stops
    erasures: Erasures
    documents: Documents
    merges: Merges

    @property
    def consents(self) -> "Consents":
        """What people said of messages they did not ask for; loaded when somebody says so."""
        from lib.storage.stores.consents import Consents  # noqa: PLC0415 - as it says

        return Consents(self.documents)

    @property
    def invitations(self) -> "Invitations":
        """What lets people in; loaded when somebody uses one."""
        from lib.storage.stores.invitations import Invitations  # noqa: PLC0415 - as it says

        return Invitations(self.documents)


def stores_on(
    documents: Documents,
    clock: Clock,
    keeping: Keeping = DEFAULT_KEEPING,
    secret: bytes = b"",
) -> Stores:
    """Return the stores on a database. ``secret`` is what forgotten names are hashed with."""
    erasures = Erasures(documents, secret)
    sessions = Sessions(documents, clock, keeping, erasures)
    return Stores(
        turns=Turns(documents),
        conversations=Conversations(documents, clock, erasures),
        sessions=sessions,
        history=History(documents, clock, keeping),
        deliveries=Deliveries(documents, clock),
        dead_letters=DeadLetters(documents, clock, keeping),
        counters=Counters(documents),
        stops=Stops(documents),
        erasures=erasures,
        documents=documents,
        merges=Merges(documents, sessions),
    )
