"""Where an erasure meets the turns of its person: behind its own one, and before a later one."""

import logging

from lib.errors import GatewayError, StoreError
from lib.model import SETTLED, Turn
from lib.turn.responder import Responder

_log = logging.getLogger(__name__)


def begin_erasure(turn: Turn, responder: Responder) -> None:
    """Begin the erasure that a turn's message asked for, once all is said; the tick goes on.

    The turn itself is gone behind that.
    """
    if turn.state not in SETTLED:
        return
    try:
        responder.erase(responder.stores.erasures.id_of(turn.contact))
    except GatewayError as error:
        _log.warning("erasure goes on later", extra={"code": error.code, "reason": str(error)})


def erased(erasure_id: str, responder: Responder) -> bool:
    """Whether anything was done of an erasure that has to come before what a person sent since.

    Raises:
        StoreError: it is not done: what they sent waits.
    """
    erasures = responder.stores.erasures
    known = erasures.find(erasure_id)
    if known is None or known.passes:
        return False
    try:
        responder.erase(erasure_id)
    except GatewayError as error:
        _log.warning("erasure goes on later", extra={"code": error.code, "reason": str(error)})
    known = erasures.find(erasure_id)
    if known is not None and not known.passes:
        raise StoreError("the person is being forgotten yet")
    return True
