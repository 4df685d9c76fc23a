"""Deleting at Twilio what a person sent, once it was answered: a copy less that anybody keeps."""

import logging
import time

from lib.errors import EnvelopeError, GatewayError
from lib.model import Turn, TurnState
from lib.turn.question import messages_of
from lib.turn.responder import DeleteMedium

LONGEST = 10.0
"""Seconds for all media of a question: the person's next message waits meanwhile."""

# A dead letter may be replayed, and then needs its media.
_ANSWERED = frozenset({TurnState.DELIVERED, TurnState.PARKED})
_log = logging.getLogger(__name__)


def delete_media(turn: Turn, delete: DeleteMedium) -> None:
    """Delete the media of a turn that is answered; nothing waits for one that cannot be deleted.

    It may be done again: what is gone is gone. The media of a message that was joined to another
    one are that one's.
    """
    if turn.joined_to or turn.state not in _ANSWERED:
        return
    try:
        urls = [medium.url for one in messages_of(turn) for medium in one.media]
    except EnvelopeError:
        return
    end = time.monotonic() + LONGEST
    for url in urls:
        try:
            delete(url, end - time.monotonic())
        except GatewayError as error:
            facts = {"code": error.code, "reason": str(error)}
            _log.warning("medium not deleted at Twilio", extra=facts)
        else:
            _log.info("medium deleted at Twilio")
