"""Parts of an answer that leave while it is still being written: a listener for one turn in hand.

A part leaves once the next one has begun, so nobody gets more messages than without it. What may
yet change stays: see ``lib.reply.growing``. Nothing leaves from the first medium on: of an answer
that breaks off nobody would send it.
"""

import logging
import time
from collections.abc import Callable
from typing import Protocol

from lib.conversation.cpu import cpu_limit
from lib.model import Early, Enclosing
from lib.reply.growing import LEAST, boundaries
from lib.reply.rendering import render
from lib.reply.units import MOST_UNITS, units
from lib.stopping import Stop

MOST_PARTS = 30
"""So many leave early at most: each makes the turn's document longer, which is written twice."""

SLACK = 200
"""UTF-16 units behind the place where a chunk could end at the latest: what decides where it is
cut lies before that."""

PARAGRAPH_SECONDS = 6.0
"""An answer that takes longer shows its first paragraphs, where these may leave by themselves."""

CPU_SECONDS = 0.5
"""For formatting what is not whole: a quarter of what an answer may take in all."""

# So much more is there before it is formatted again: all of that together is linear work.
_LEAST_GROWTH, _GROWTH = 200, 8

_log = logging.getLogger(__name__)


class Voice(Protocol):
    """Says parts of an answer to its person."""

    @property
    def stop(self) -> Stop:
        """Given when nobody wants more of it."""

    @property
    def has_spoken(self) -> bool:
        """Whether a part was sent, or may have been."""

    def say(self, text: str) -> bool:
        """Send one, and return whether more may follow."""


def _nobody_told(_: Exception) -> None:
    """Where nobody counts what breaks."""


class EarlyParts:
    """Listens to an answer, and says what of it may leave, in the way of a ``mode``.

    ``clock`` counts seconds. ``head`` stands before the answer, and ``enclosing`` is what of it
    becomes a medium when it is whole. ``failed`` is told of what breaks.
    """

    def __init__(
        self,
        mode: Early,
        voice: Voice,
        clock: Callable[[], float] = time.monotonic,
        *,
        head: str = "",
        enclosing: Enclosing | None = None,
        failed: Callable[[Exception], None] = _nobody_told,
    ) -> None:
        self.stop = voice.stop
        self._voice = voice
        self._mode = mode
        self._clock = clock
        self._enclosing = enclosing
        self._failed = failed
        self._head = head
        self._since = clock()
        self._said: tuple[str, ...] = ()
        self._next = MOST_UNITS if mode is Early.PARTS else LEAST
        self._cpu = CPU_SECONDS
        self._over = False

    @property
    def has_spoken(self) -> bool:
        """Whether something of the answer was sent, or may have been."""
        return self._voice.has_spoken

    def hear(self, text: str) -> None:
        """Take all of the answer so far, and send what of it is a message by now; see the port."""
        self.stop.check()
        if self._over or len(text) < self._next or not self._is_time():
            return
        self._next = len(text) + max(_LEAST_GROWTH, len(text) // _GROWTH)
        for part in self._ready(text):
            self.stop.check()
            self._said = (*self._said, part)
            if not self._voice.say(part):
                self._over = True
                return
        if len(self._said) >= MOST_PARTS:
            self._over = True

    def fail(self, error: Exception) -> None:
        """Let nothing more leave; see the port."""
        self._over = True
        self._failed(error)

    def _is_time(self) -> bool:
        waits = self._mode is Early.PARAGRAPH
        return not waits or self._clock() - self._since >= PARAGRAPH_SECONDS

    def _ready(self, text: str) -> tuple[str, ...]:
        """What may leave by now and has not."""
        places = list(boundaries(text))
        if not places:
            return ()
        if self._mode is Early.PARTS:
            return self._news(sure(self._rendered(text[: places[-1]])))
        self._over = True
        first = self._rendered(text[: places[0]])
        return first if len(first) == 1 else ()

    def _news(self, known: tuple[str, ...]) -> tuple[str, ...]:
        count = len(self._said)
        if known[:count] == self._said:
            return known[count:MOST_PARTS]
        # It reads otherwise by now: whoever has the whole answer sees what to say.
        self._over = True
        return ()

    def _rendered(self, text: str) -> tuple[str, ...]:
        began = time.thread_time()
        rendering = render(text, cpu_limit(self._cpu).check, self._head, self._enclosing)
        self._cpu -= time.thread_time() - began
        if not rendering.fault and not rendering.enclosed:
            return rendering.chunks
        if rendering.fault:
            _log.warning("nothing more is formatted early", extra={"fault": rendering.fault})
        self._over = True
        return self._said


def sure(chunks: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the messages for the beginning of an answer that no more text will change."""
    left = sum(map(units, chunks))
    count = 0
    for chunk in chunks[:-1]:
        if left < MOST_UNITS + SLACK:
            break
        left -= units(chunk)
        count += 1
    return chunks[:count]
