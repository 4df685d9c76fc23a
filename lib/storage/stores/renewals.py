"""What a session needs beside itself, given a later end while its person writes.

Once in ``RENEWED_EVERY``, in the commit that writes the session: no round trip of its own.
"""

from collections.abc import Iterator
from datetime import datetime

from lib.model import Session
from lib.ports.documents import Key, Write
from lib.storage.keeping import Keeping
from lib.storage.stores.consents import CONSENTS
from lib.storage.stores.sessions import CONTACTS, SESSIONS


def renewals(session: Session, user_id: str, now: datetime, keeping: Keeping) -> Iterator[Write]:
    """Give later ends of the links to a session, of those merged into it, and of its proof.

    Nothing but the end is written: whoever has a name by now, nobody is led to another person.
    """
    end = keeping.end_beside_session(now)
    for name in dict.fromkeys(filter(None, (session.user_id, user_id))):
        yield Write(Key(CONTACTS, name), {"expire_at": end})
    for contact in session.merged:
        yield Write(Key(SESSIONS, contact), {"expire_at": end})
    if session.consent:
        yield Write(Key(CONSENTS, session.consent), {"expire_at": keeping.end_of_proof(now)})
