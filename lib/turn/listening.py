"""Who follows the answer to a turn in hand: what leaves of it early, and the note meanwhile."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from lib import trace
from lib.errors import TurnTakenError
from lib.model import Assistant, Early
from lib.ports.listener import Listener, Silence
from lib.reply import texts
from lib.turn import said
from lib.turn.lease import Alarm, KeptTurn
from lib.turn.responder import Responder
from lib.turn.speaking import Speaker

_log = logging.getLogger(__name__)


@contextmanager
def listening(kept: KeptTurn, contact: str, responder: Responder) -> Iterator[Responder]:
    """Give the tools to decide with about a turn in hand, and what may be said meanwhile.

    ``contact`` is whose turn it is. Afterwards nothing is being said any more.
    """
    dispatch = responder.dispatch
    if dispatch is None:
        yield replace(
            responder, listen=lambda _: Silence(kept.stop, has_spoken=said.is_spoken(kept.turn))
        )
        return
    # A message that arrives ends the indicator, and work goes on.
    speaker = Speaker(kept, contact, dispatch, partial(responder.typing.again, kept.turn.id))
    try:
        yield replace(responder, listen=partial(_listener, speaker, kept, responder.note_after))
    finally:
        kept.alarm = None
        speaker.close()


def _listener(
    speaker: Speaker, kept: KeptTurn, note_after: float, assistant: Assistant
) -> Listener:
    """Return who hears an answer. Behind what an earlier worker said nothing leaves early."""
    if note_after > 0 and not kept.turn.chunks:
        kept.alarm = Alarm(time.monotonic() + note_after, partial(_note, speaker, kept))
    if speaker.has_spoken or assistant.early is Early.OFF:
        return Silence(kept.stop, has_spoken=speaker.has_spoken)
    from lib.turn.early import EarlyParts

    return EarlyParts(assistant.early, speaker)


def _note(speaker: Speaker, kept: KeptTurn) -> None:
    with trace.following(kept.turn.trace_id):
        try:
            speaker.note(texts.STILL_AT_IT)
        except TurnTakenError:
            _log.info("no note: the turn is not this worker's any more")
