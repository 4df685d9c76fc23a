"""Telling a listener, while a reply arrives, what may be shown of it so far."""

import time
from collections.abc import Callable, Mapping

from lib.assistant.exchange import kind_of
from lib.assistant.pieces import Pieces
from lib.errors import AssistantError, GatewayError
from lib.ports.listener import Listener, Silence

LEAST = 300
"""Characters that are waited for: a failure in an answer's place says so within these."""

STEP = 200
"""Characters that are new, at least, when a listener hears a text again."""

# The longer a text is, the more are new: so it takes linear time to read it again and again.
_READ_SHARE, _HEARD_SHARE = 64, 32
# Of an answer as it is written: several times what is sent of one.
_MOST_CHARACTERS = 256 * 1024
_MOST_CPU_SECONDS = 2.0

Openers = Mapping[str, Callable[[str], Pieces]]
"""What reads the pieces of a reply, by its content type, of which it is given the whole."""


class Hearing:
    """Follows the reply to one question.

    ``openers`` name the kinds of replies that come in pieces; others are not heard. Where the
    assistant ``thinks_unsaid``, nothing is heard before its thinking has ended.
    """

    def __init__(self, listener: Listener, openers: Openers, *, thinks_unsaid: bool) -> None:
        self.stop = listener.stop
        self._listener = listener
        self._openers = openers
        self._thinks_unsaid = thinks_unsaid
        self._pieces: Pieces | None = None
        self._is_over = isinstance(listener, Silence)
        self._text: list[str] = []
        self._length = 0
        self._next = LEAST
        self._heard = ""
        self._cpu = 0.0

    def take(self, content_type: str, part: bytes) -> None:
        """Take the next bytes of a successful reply, and tell the listener what they bring.

        Whatever else goes wrong with that ends the hearing, and never the answer.

        Raises:
            StoppedError: the listener wants no more.
        """
        if self._is_over:
            return
        try:
            self._take(content_type, part)
        except GatewayError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect of what is optional
            self._is_over = True
            self._listener.fail(error)

    def _take(self, content_type: str, part: bytes) -> None:
        started = time.thread_time()
        text = self._new_text(content_type, part)
        self._cpu += time.thread_time() - started
        self._is_over |= max(self._cpu / _MOST_CPU_SECONDS, self._length / _MOST_CHARACTERS) > 1
        if text:
            self._listener.hear(text)

    def _new_text(self, content_type: str, part: bytes) -> str:
        """What the listener is to hear next; empty if nothing."""
        try:
            pieces = self._opened(content_type)
            text = pieces.read(part)
        except AssistantError:  # told by whoever reads the whole reply
            self._is_over = True
            return ""
        self._text.append(text)
        self._length += len(text)
        if self._length < self._next:
            return ""
        self._next = self._length + max(STEP, self._length // _READ_SHARE)
        return self._shown(pieces)

    def _opened(self, content_type: str) -> Pieces:
        if self._pieces is None:
            kind = kind_of(content_type)
            if kind not in self._openers:
                raise AssistantError("not in pieces")
            self._pieces = self._openers[kind](content_type)
            self._listener.hear("")
        return self._pieces

    def _shown(self, pieces: Pieces) -> str:
        self._text = ["".join(self._text)]
        # Loaded while the answer is awaited, by who listens to one.
        from lib.assistant import growing  # noqa: PLC0415 - as said

        shown, thinking = growing.shown(self._text[0])
        if self._thinks_unsaid and not (thinking or pieces.thinks_apart):
            return ""
        if not shown.startswith(self._heard):
            self._is_over = True
            return ""
        least = max(STEP, len(self._heard) // _HEARD_SHARE) if self._heard else LEAST
        if len(shown) - len(self._heard) < least:
            return ""
        self._heard = shown
        return shown
