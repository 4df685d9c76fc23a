"""The demo assistants by id: what each of them says, and how."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from flask import Response

from simulator.assistants import failing, formatting, writer
from simulator.assistants.guide import Guide
from simulator.assistants.library import Library
from simulator.assistants.replies import event, in_events

THINKING_SECONDS = 6.0

_THOUGHTS = (
    "The person wrote something.",
    "I should look as if I considered it from several sides.",
    "None of this may ever reach the phone.",
)
_Form = Callable[[str], Response]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and the questions before it, the oldest first."""

    text: str
    earlier: tuple[str, ...] = ()


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

    def reply(self, name: str, question: Question, form: _Form) -> Response | None:
        """Return an assistant's reply in one of the three forms; None if nobody has that name."""
        said = self._say(name, question)
        if said is not None:
            return form(said)
        if name == "failing":
            with self._lock:
                number = next(self._asked)
            return failing.reply(question.text, number)
        return self._think(question, form) if name == "thinker" else None

    def _say(self, name: str, question: Question) -> str | None:
        speakers: Mapping[str, Callable[[], str]] = {
            "default-assistant": lambda: self._guide.answer(question.text, question.earlier),
            "formatting": lambda: formatting.answer(question.text),
            "writer": lambda: writer.answer(question.text),
        }
        speaker = speakers.get(name)
        return speaker() if speaker else None

    def _think(self, question: Question, form: _Form) -> Response:
        said = (
            f"I thought for {self.seconds:g} seconds, and you saw none of it: the gateway keeps "
            "an assistant's *thinking* away from the phone.\n\nI am a **demonstration of a slow "
            f"assistant**; no model is behind me. You wrote:\n\n> {question.text.strip()[:200]}"
        )
        thinking = "<thinking>" + " ".join(_THOUGHTS) + "</thinking>\n\n"
        if form is not in_events:
            time.sleep(self.seconds)
            return form(thinking + said)
        return Response(self._slowly(thinking + said), mimetype="text/event-stream")

    def _slowly(self, answer: str) -> Iterator[str]:
        for thought in ("<thinking>", *_THOUGHTS):
            time.sleep(self.seconds / (len(_THOUGHTS) + 1))
            yield event({"chunk": thought})
        yield event({"answer": answer, "metadata": {}})
        yield "data: [DONE]\n\n"
