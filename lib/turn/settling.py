"""Taking over a turn of which a part left early: what is in doubt is looked up before all else."""

import logging

from lib.errors import SendError
from lib.model import ChunkKind, Turn
from lib.turn import chunks, moves, said
from lib.turn.doubt import is_hopeless, look_up
from lib.turn.responder import Responder
from lib.turn.sending_log import facts

_log = logging.getLogger(__name__)


def settled(turn: Turn, responder: Responder) -> Turn:
    """Return a turn that is ``thinking`` without a doubt: the open part was sent, or it is dropped.

    A note in doubt is left so, and so is everything where nothing leaves early. After half an hour
    without an answer the doubt is left to ``deliver``, which gives up what is in it.

    Raises:
        SendError: the doubt remains; the turn is released.
        StoreError: nobody can tell whose the messages are that were found.
    """
    chunk, dispatch = chunks.open_chunk(turn), responder.dispatch
    if chunk is None or dispatch is None:
        return turn
    if chunk.kind is ChunkKind.NOTE:
        return said.withdraw(turn)
    now = responder.clock()
    stores = responder.stores
    try:
        sid = look_up(turn, chunk, dispatch.sender, stores.deliveries)
    except SendError as error:
        if is_hopeless(turn, chunk, now):
            return turn
        stores.turns.commit(moves.release(turn, now + dispatch.settling))
        _log.warning("early part in doubt", extra=facts(turn) | {"code": error.code})
        raise
    if not sid:
        return said.withdraw(turn)
    moved = said.end(turn, sid, responder.until(now))
    return stores.turns.commit(moved, (stores.deliveries.sent_write(sid, turn),))
