"""Opting out that is learnt from the provider: WhatsApp's own buttons, or a word said elsewhere."""

from datetime import datetime

from lib.model import Turn
from lib.ports.documents import Write
from lib.storage.stores import Stores
from lib.storage.stores.sessions import opted_out_write, unreachable_write

_REVOKED = frozenset({"21610", "63014"})
"""Twilio's codes for it: opted out, and blocked or consent withdrawn (error dictionary)."""


def unreachable_writes(
    turn: Turn, code: str, proof: str, now: datetime, stores: Stores
) -> tuple[Write, ...]:
    """What is kept of a person to whom nothing can be sent; ``proof`` is the message that failed.

    Where they want nothing, they opted out: until they say START.
    """
    contact = turn.contact
    unreachable = unreachable_write(contact, code)
    if code not in _REVOKED:
        return (unreachable,)
    from lib.storage.stores.consents import REVOKED, consent_write  # noqa: PLC0415 - seldom needed

    event = consent_write(stores.sessions.name_of(contact), REVOKED, code, proof, now)
    return unreachable, opted_out_write(contact, now), event
