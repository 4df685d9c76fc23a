"""The use case of whoever brings queued messages: a push, settled or to be brought again."""

import logging

from lib.errors import GatewayError
from lib.queue.envelope import decode_push
from lib.turn import dead_letter as undeliverable
from lib.turn.respond import respond
from lib.turn.responder import Responder

_log = logging.getLogger(__name__)


def settle(body: bytes, responder: Responder) -> bool:
    """Answer the message in a push body; return False if it must come again later.

    What can never work is kept as a dead letter, and settled with it.
    """
    try:
        return _settle(body, responder)
    except GatewayError as error:
        _log.error("message postponed", extra={"code": error.code, "reason": str(error)})
        return False


def _settle(body: bytes, responder: Responder) -> bool:
    try:
        return respond(decode_push(body), responder)
    except GatewayError as error:
        if error.retryable:
            raise
        undeliverable.keep(body, f"{error.code}: {error}", responder)
        return True
