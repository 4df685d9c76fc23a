"""What is said of a turn before its answer is whole: early parts, and a note.

Who speaks is loaded where something leaves early; of most turns nothing does.
"""

import logging
import threading
import time
from typing import TYPE_CHECKING

from lib import trace
from lib.conversation.breaker import optional
from lib.errors import TurnTakenError
from lib.model import Assistant, Conversation, Early, InboundMessage
from lib.ports.listener import Listener, Silence
from lib.reply import texts
from lib.turn.chunks import spoken
from lib.turn.lease import Alarm, KeptTurn
from lib.turn.responder import Dispatch, Responder

if TYPE_CHECKING:
    from lib.ports.hearing import Hearing
    from lib.turn.speaking import Speaker

_log = logging.getLogger(__name__)


class Voice:
    """What hears of a turn in hand and speaks for it, until it is closed.

    ``person`` is whose turn it is, ``message`` what they wrote.
    """

    def __init__(
        self, kept: KeptTurn, person: Conversation, message: InboundMessage, responder: Responder
    ) -> None:
        self._kept = kept
        self._person = person
        self._message = message
        self._responder = responder
        self._lock = threading.Lock()
        self._speaker: Speaker | None = None
        self._closed = False

    def hearing(self, earlier: str) -> "Hearing":
        """Return what remembers what people say in recordings."""
        from lib.turn.hearing import TurnHearing

        person = self._person
        language = person.session.language if person.session else ""
        return TurnHearing(self._kept, person.contact, self._responder, earlier, language)

    def listener(self, assistant: Assistant, head: str) -> Listener:
        """Return who hears an answer, which begins with a head.

        Behind what an earlier worker said nothing leaves early.
        """
        kept, dispatch = self._kept, self._responder.dispatch
        has_spoken = bool(spoken(kept.turn))
        if dispatch is not None and not kept.turn.chunks and self._responder.note_after > 0:
            due = time.monotonic() + self._responder.note_after
            kept.alarm = Alarm(due, lambda: self._note(dispatch, assistant))
        if dispatch is None or has_spoken or assistant.early is Early.OFF:
            return Silence(kept.stop, has_spoken=has_spoken)
        return optional(
            "early",
            lambda: self._early(dispatch, assistant, head),
            lambda: Silence(kept.stop),
            self._responder.breaker,
            self._responder.clock(),
        )

    def _early(self, dispatch: Dispatch, assistant: Assistant, head: str) -> Listener:
        from lib.turn.early import EarlyParts

        speaker, enclosing = self._speaking(dispatch), self._responder.enclosing
        return EarlyParts(
            assistant.early, speaker, head=head, enclosing=enclosing, failed=self._failed
        )

    def _failed(self, error: Exception) -> None:
        self._responder.breaker.note("early", error, self._responder.clock())

    def close(self) -> None:
        """Let nothing be said any more."""
        self._kept.alarm = None
        with self._lock:
            self._closed = True
        if self._speaker is not None:
            self._speaker.close()

    def _speaking(self, dispatch: Dispatch) -> "Speaker":
        from lib.turn.speaking import Speaker

        with self._lock:
            if self._speaker is None:
                # A message that arrives ends the indicator, and work goes on.
                turn_id, typing = self._kept.turn.id, self._responder.typing
                self._speaker = Speaker(
                    self._kept, self._person.contact, dispatch, lambda: typing.again(turn_id)
                )
                if self._closed:
                    self._speaker.close()
            return self._speaker

    def _note(self, dispatch: Dispatch, assistant: Assistant) -> None:
        from lib.conversation.translation import Translator
        from lib.turn.translation import spoken_in

        spoken = spoken_in(self._kept.turn)
        say = Translator(self._message, self._person.session, assistant, spoken=spoken)
        with trace.following(self._kept.turn.trace_id):
            try:
                self._speaking(dispatch).note(say(texts.STILL_AT_IT))
            except TurnTakenError:
                _log.info("no note: the turn is not this worker's any more")
