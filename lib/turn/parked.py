"""Parked turns: answers that WhatsApp refuses until the person writes, and then lets through."""

import logging
from dataclasses import replace

from lib.errors import DocumentError, SendError, TurnTakenError
from lib.model import Changes, Session, Turn, TurnState
from lib.ports.sender import Sender
from lib.ports.store import Store
from lib.turn import moves
from lib.turn.moves import Verdict
from lib.turn.responder import Responder

_log = logging.getLogger(__name__)


def park(turn: Turn, responder: Responder, sid: str = "") -> Turn:
    """Keep what could not be sent of a turn, and ask the person to write, once.

    ``sid`` is the chunk that failed on its way, if one did.
    """
    store = responder.store
    session = session_of(turn, store)
    # Nothing is sent unasked to somebody who opted out.
    first = session is not None and not session.parked and session.opted_out_at is None
    if session is not None and turn.id not in session.parked:
        session = replace(session, parked=(*session.parked, turn.id))
    turn = store.commit(moves.park(turn, sid), Changes(session=session))
    _log.warning("answer parked until the person writes")
    if first:
        # A courtesy: at most once, so its fate is not followed up.
        responder.reopen_window(turn.address)
    return turn


def session_of(turn: Turn, store: Store) -> Session | None:
    """Return the session of a turn's person; None if their number is somebody else's by now."""
    session = store.conversation(turn.contact, "").session
    since = session.number_since if session else None
    return None if since and turn.created_at < since else session


def deliver_parked(session: Session, responder: Responder) -> Session:
    """Send what waited for this person to write; return the session without it.

    A turn that cannot be read stays with the session, for a version that can, and holds up nobody.

    Raises:
        SendError, StoreError: not everything could be sent yet.
        TurnTakenError: another worker is at it.
    """
    unread: list[str] = []
    for turn_id in session.parked:
        try:
            turn = responder.store.turn(turn_id)
        except DocumentError as error:
            _log.error("parked answer passed over", extra={"code": error.code, "parked": turn_id})
            unread.append(turn_id)
            continue
        if turn is not None:
            _deliver(turn, responder)
    return replace(session, parked=tuple(unread))


def _deliver(turn: Turn, responder: Responder) -> None:
    now = responder.clock()
    until = responder.until(now)
    verdict = moves.judge(turn, now)
    if turn.state is TurnState.PARKED:
        _log.info("parked answer delivered", extra={"parked": turn.id})
        woken = responder.store.commit(moves.wake(turn, now, until))
        responder.deliver(woken, fresh=True)
    elif verdict is Verdict.BUSY:
        raise TurnTakenError("a parked answer is being sent")
    elif verdict is not Verdict.DONE:
        resumed = responder.store.commit(moves.resume(turn, until))
        responder.deliver(resumed, fresh=False)


def reopen_window(address: str, sender: Sender) -> None:
    """Send the template that was configured for this, if one was; best effort."""
    try:
        if sender.reopen_window(address):
            _log.info("person asked to write")
    except SendError as error:
        facts = {"code": error.code, "provider_code": error.provider_code, "reason": str(error)}
        _log.warning("person not asked to write", extra=facts)
