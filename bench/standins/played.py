"""What the stand-ins answer, and what they write down."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from bench.standins.http import Answer, Request, response

PARAGRAPH = (
    "Our office is open from **Monday to Friday**, nine to five. You will find the whole "
    "timetable under [opening hours](https://example.com/hours); `ask` for anything else.\n\n"
)
"""What the assistant says after the words it was asked: 174 characters with some Markdown."""

_CHUNK_PARAGRAPHS = 8


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the assistant: when it came, when its answer left, whose, and its words.

    Times are those of the machine's monotonic clock, which all processes share, in seconds.
    """

    came: float
    left: float
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Send:
    """A message that Twilio was given."""

    came: float
    sid: str
    to: str
    body: str


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that the two take to answer."""

    assistant: float = 0.0
    twilio: float = 0.0


NO_TIME = Times()


@dataclass(slots=True)
class Record:
    """Everything that happened so far.

    ``lookups`` are the searches for a message in doubt, ``callbacks`` the status callbacks that
    were taken, ``refusals`` those that were not.
    """

    asks: list[Ask] = field(default_factory=list)
    sends: list[Send] = field(default_factory=list)
    lookups: int = 0
    callbacks: int = 0
    refusals: int = 0


class Played:
    """Twilio and an assistant, by path.

    ``later`` calls something after some seconds; ``on_send`` is told of each message that was
    taken. A text ``chunks N ...`` is answered in N messages.
    """

    def __init__(self, times: Times, later: Callable[[float, Callable[[], None]], object]) -> None:
        self.record = Record()
        self.on_send: Callable[[Send], None] | None = None
        self._times = times
        self._later = later
        self._waiting: list[tuple[int, Answer]] = []
        self._sids = count(1)

    def handle(self, request: Request, answer: Answer) -> None:
        """Answer one request."""
        path = request.target.partition("?")[0]
        if request.method == "POST" and path.endswith("/Messages.json"):
            self._send(request.body, answer)
        elif path.startswith("/vac/assistant/"):
            self._ask(request.body, answer)
        elif path.endswith("/Messages.json"):
            self.record.lookups += 1
            answer(response(200, b'{"messages": [], "next_page_uri": null}'))
        else:
            self._control(request, path, answer)

    def _ask(self, body: bytes, answer: Answer) -> None:
        came = time.monotonic()
        question = json.loads(body)
        who, text = str(question["currentUser"]["email"]), str(question["user_input"])

        def reply() -> None:
            self.record.asks.append(Ask(came, time.monotonic(), who, text))
            answer(response(200, json.dumps({"answer": answer_to(text)}).encode()))

        self._after(self._times.assistant, reply)

    def _send(self, body: bytes, answer: Answer) -> None:
        form = dict(parse_qsl(body.decode()))
        sid = f"SM{next(self._sids):032x}"
        send = Send(time.monotonic(), sid, form["To"], form["Body"])
        self.record.sends.append(send)
        resource = {"sid": sid, "status": "queued", "to": send.to, "body": send.body}
        self._after(
            self._times.twilio, lambda: answer(response(201, json.dumps(resource).encode()))
        )
        if self.on_send:
            self.on_send(send)
        self._tell_those_who_wait()

    def _control(self, request: Request, path: str, answer: Answer) -> None:
        if path == "/bench/record":
            answer(response(200, json.dumps(asdict(self.record)).encode()))
        elif path == "/bench/forget":
            self.record = Record()
            answer(response(200, b"{}"))
        elif path == "/bench/sends":
            self._waiting.append((int(request.target.partition("?")[2]), answer))
            self._tell_those_who_wait()
        else:
            answer(response(404))

    def _tell_those_who_wait(self) -> None:
        sent = len(self.record.sends)
        done = [one for one in self._waiting if one[0] <= sent]
        self._waiting = [one for one in self._waiting if one[0] > sent]
        for _, answer in done:
            answer(response(200, str(sent).encode()))

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        if seconds:
            self._later(seconds, do)
        else:
            do()


def answer_to(text: str) -> str:
    """Return what the assistant says: the words of the question first, so it can be told apart."""
    words = text.split()
    chunks = int(words[1]) if words[:1] == ["chunks"] else 1
    paragraphs = 1 if chunks == 1 else _CHUNK_PARAGRAPHS * chunks
    return f"{text}: {PARAGRAPH * paragraphs}".strip()


def read_record(document: dict[str, Any]) -> Record:
    """Return a record from its JSON."""
    return Record(
        asks=[Ask(**one) for one in document["asks"]],
        sends=[Send(**one) for one in document["sends"]],
        lookups=document["lookups"],
        callbacks=document["callbacks"],
        refusals=document["refusals"],
    )
