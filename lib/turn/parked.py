"""Parked turns: answers that WhatsApp refuses until the person writes, and then lets through."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from lib.conversation.consent import Purpose, may_write_first
from lib.errors import DocumentError, SendError, TurnTakenError
from lib.model import Session, Turn, TurnState
from lib.ports.sender import Sender
from lib.storage.stores.conversations import Conversations
from lib.turn import chunks, moves
from lib.turn.responder import Responder
from lib.turn.take import Busy, Held, take

_log = logging.getLogger(__name__)


def carry_on(turn: Turn, responder: Responder) -> Turn:
    """Send what is left of an answered turn in hand, or park it where the window has closed."""
    # Parking would forget that a chunk is in doubt: it is looked up first, as ever.
    if moves.is_expired(turn, responder.clock()) and chunks.open_chunk(turn) is None:
        return park(turn, responder)
    return responder.deliver(turn, fresh=False)


def park(turn: Turn, responder: Responder, sid: str = "") -> Turn:
    """Keep what could not be sent of a turn, and ask the person to write, once.

    ``sid`` is the chunk that failed on its way, if one did.
    """
    stores = responder.stores
    left = moves.park(turn, sid)
    if left.state is TurnState.DELIVERED:
        return stores.turns.commit(left)
    session = session_of(turn, stores.conversations)
    first = session is not None and not session.parked and may_write_first(session, Purpose.OWED)
    writes = (stores.sessions.write(_with_parked(session, turn)),) if session is not None else ()
    turn = stores.turns.commit(left, writes)
    _log.warning("answer parked until the person writes")
    if not first:
        return turn
    # A courtesy: at most once. All that matters of its fate is whether the person wants none.
    if code := responder.reopen_window(turn.address):
        from lib.turn.opting_out import revoked_writes  # noqa: PLC0415 - seldom needed

        now = responder.clock()
        if revoked := revoked_writes(turn, code, f"{turn.id}-knock", now, stores):
            return stores.turns.commit(turn, revoked)
    return turn


def _with_parked(session: Session, turn: Turn) -> Session:
    if turn.id in session.parked:
        return session
    return replace(session, parked=(*session.parked, turn.id))


def session_of(turn: Turn, conversations: Conversations) -> Session | None:
    """Return the session of a turn's person; None if their number is somebody else's by now."""
    session = conversations.read(turn.contact, "").session
    since = session.number_since if session else None
    return None if since and turn.created_at < since else session


def deliver_parked(turn_ids: Sequence[str], responder: Responder) -> tuple[str, ...]:
    """Send what waited for a person to write; return the turns that still wait.

    A turn that cannot be read stays for a version that can, and holds up nobody. Each is a turn of
    its own, so it is sent once however often this is begun.

    Raises:
        SendError, StoreError: not everything could be sent yet.
        TurnTakenError: another worker is at it.
    """
    unread: list[str] = []
    for turn_id in turn_ids:
        try:
            turn = responder.stores.turns.find(turn_id)
        except DocumentError as error:
            _log.error("parked answer skipped", extra={"code": error.code, "parked": turn_id})
            unread.append(turn_id)
            continue
        if turn is not None:
            _deliver(turn, responder)
    return tuple(unread)


def _deliver(turn: Turn, responder: Responder) -> None:
    if turn.state is TurnState.PARKED:
        _log.info("parked answer delivered", extra={"parked": turn.id})
    match take(turn, responder, wake=True):
        case Held(taken):
            responder.deliver(taken, fresh=False)
        case Busy():
            raise TurnTakenError("a parked answer is being sent")


def reopen_window(address: str, sender: Sender) -> str:
    """Send the template that was configured for this, if one was; best effort.

    Returns the provider's code if it was refused.
    """
    try:
        if sender.reopen_window(address):
            _log.info("person asked to write")
    except SendError as error:
        facts = {"code": error.code, "provider_code": error.provider_code, "reason": str(error)}
        _log.warning("person not asked to write", extra=facts)
        return error.provider_code
    return ""
