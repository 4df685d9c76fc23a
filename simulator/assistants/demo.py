"""The demo assistants by id: what each of them says, and how."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from flask import Response

from simulator.assistants import failing, formatting, observer, writer
from simulator.assistants.guide import Guide
from simulator.assistants.library import Library
from simulator.assistants.performing import Script, at_once

THINKING_SECONDS = 6.0

_THOUGHTS = (
    "The person wrote something.",
    "I should look as if I considered it from several sides.",
    "None of this may ever reach the phone.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and the questions before it, the oldest first.

    ``pictures`` are the URLs of what is shown with it.
    """

    text: str
    earlier: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(slots=True)
class Demo:
    """The assistants of a gateway that has none of its own.

    ``root`` is the folder whose README and documents the guide knows. ``seconds`` is how long
    the thinker thinks.
    """

    root: Path
    seconds: float = THINKING_SECONDS
    _guide: Guide = field(init=False)
    _asked: Iterator[int] = field(default_factory=count, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self._guide = Guide(Library(self.root))

    def script(self, name: str, question: Question, *, streams: bool) -> Script | None:
        """Return what an assistant says, and at what pace; None if nobody has that name.

        ``streams`` is whether somebody hears it piece by piece.
        """
        speakers: Mapping[str, Callable[[], Script]] = {
            "default-assistant": lambda: at_once(
                self._guide.answer(question.text, question.earlier)
            ),
            "formatting": lambda: at_once(formatting.answer(question.text)),
            "writer": lambda: writer.script(question.text, streams=streams),
            "thinker": lambda: self._think(question),
            "observer": lambda: at_once(observer.answer(question.text, question.pictures)),
        }
        speaker = speakers.get(name)
        return speaker() if speaker else None

    def failure(self, name: str, asked: str) -> Response | None:
        """Return how the assistant fails whose trade that is; None for the others."""
        if name != "failing":
            return None
        with self._lock:
            number = next(self._asked)
        return failing.reply(asked, number)

    def _think(self, question: Question) -> Script:
        said = (
            f"I thought for {self.seconds:g} seconds, and you saw none of it: the gateway keeps "
            "an assistant's *thinking* away from the phone.\n\nI am a **demonstration of a slow "
            f"assistant**; no model is behind me. You wrote:\n\n> {question.text.strip()[:200]}"
        )
        thoughts = ("<thinking>", *(f"{one} " for one in _THOUGHTS))
        pieces = (*thoughts, f"</thinking>\n\n{said}")
        return Script(pieces, self.seconds / len(pieces))
