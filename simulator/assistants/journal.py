"""What the assistants were asked, and what became of each answer."""

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import Any

OPEN, FINISHED, CUT, FAILED, CLOSED = "open", "finished", "cut", "failed", "closed by the client"

_MOST = 5000
_LONGEST = 200


@dataclass(slots=True)
class Stream:
    """One answer. ``characters`` are those of its pieces that were written so far.

    ``attempt`` counts how often this assistant was asked this. ``ending`` is ``open`` while it
    is written, then ``finished``, ``cut``, ``failed`` or ``closed by the client``.
    """

    assistant: str
    form: str
    question: str
    attempt: int
    characters: int = 0
    ending: str = OPEN


@dataclass(slots=True)
class Journal:
    """The newest answers, the oldest first; for any number of threads."""

    _streams: deque[Stream] = field(default_factory=lambda: deque(maxlen=_MOST))
    _asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, assistant: str, form: str, question: str) -> Stream:
        """Note that an assistant was asked."""
        with self._lock:
            key = (assistant, hash(question))
            self._asked[key] += 1
            stream = Stream(assistant, form, question[:_LONGEST], self._asked[key])
            self._streams.append(stream)
            return stream

    def view(self) -> list[dict[str, Any]]:
        """Return them as JSON."""
        with self._lock:
            return [asdict(one) for one in self._streams]

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._streams.clear()
            self._asked.clear()
