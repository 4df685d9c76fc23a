"""Who answers with media, hears recordings and speaks; and a Twilio that loses media on its way."""

import base64
import io
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from PIL import Image

from simulator.twilio.faults import Fault, FaultKind
from tests import recordings
from tests.chaos.media_plan import MediaPlan, number_of_size
from tests.chaos.streaming import streamed
from tests.chaos.world import RandomFaults
from tests.papers import paper
from tests.pictures import quarters, saved

SETTINGS = {
    "ASSISTANT_BACKEND": "openai",
    "ASSISTANT_MODEL": "pictures",
    "TRANSCRIBE_URL": "{url}/v1",
    "SPEAK_URL": "{url}/v1",
    "JOIN_BURSTS": "false",
}
SHARE = 0.15
SECONDS = (0.05, 0.4)
"""What it takes to hear, to speak, or to write a paragraph."""

BUSY = 0.1
"""The share of recordings for which a server has no time yet: it is not paid for those."""

MOST_FAILURES = 3

_SPOILT = {
    "media": (
        Fault(FaultKind.ERROR, code=20404, status=404),
        Fault(FaultKind.ERROR, code=20503, status=503, body="html"),
        Fault(FaultKind.CUT_BEFORE),
        Fault(FaultKind.EXPIRED),
    ),
    "storage": (Fault(FaultKind.CUT_WITHIN), Fault(FaultKind.CUT_BEFORE)),
    "attachment": (Fault(FaultKind.STATUS, code=63019), Fault(FaultKind.STATUS, code=63021)),
}
_NUMBER = re.compile(r"question (\d+)")


class MediaFaults(RandomFaults):
    """Has media, too, suffer on their way.

    No two requests of a kind for a person fail in a row, and no more than ``MOST_FAILURES`` before
    the bytes came: twice absent is the most that is waited for.
    """

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self._suffering: set[tuple[str, str]] = set()
        self._failures: Counter[str] = Counter()

    def take(self, operation: str, to: str) -> Fault | None:
        """Return what happens to this request."""
        if operation not in _SPOILT:
            return super().take(operation, to)
        with self._guard:
            if not self._suffers(operation, to):
                return None
            fault = self._chance.choice(_SPOILT[operation])
            what = {FaultKind.ERROR: fault.status, FaultKind.STATUS: fault.code}.get(
                fault.fault, ""
            )
            self.suffered[f"{operation} {fault.fault.value} {what}".strip()] += 1
            return fault

    def _suffers(self, operation: str, to: str) -> bool:
        has_just = (operation, to) in self._suffering
        self._suffering.discard((operation, to))
        is_over = has_just or self._failures[to] >= MOST_FAILURES
        if is_over or self._chance.random() >= SHARE:
            if operation == "storage":
                self._failures[to] = 0
            return False
        self._suffering.add((operation, to))
        self._failures[to] += operation != "attachment"
        return True


def media_world(plan: MediaPlan) -> Flask:
    """Everybody whom the gateway asks."""
    app = Flask(__name__)
    server = _Server(plan)
    app.post("/v1/chat/completions")(server.complete)
    app.post("/v1/audio/transcriptions")(server.transcribe)
    app.post("/v1/audio/speech")(server.speak)
    app.get("/files/<name>")(server.file)
    return app


class _Server:
    def __init__(self, plan: MediaPlan) -> None:
        self._plan = plan
        self._chance = plan.random("server")
        self._lock = threading.Lock()
        self._sent_away: set[int] = set()

    def complete(self) -> Response:
        number = _asked(request.get_json()["messages"][-1]["content"])
        said = self._plan.answers[number].replace("{files}", f"{request.host_url}files")
        return streamed(self._paragraphs(said))

    def _paragraphs(self, said: str) -> Iterator[str]:
        """An answer as it is written: the beginning of a long one leaves before its end."""
        first, *others = said.split("\n\n")
        yield first
        for other in others:
            self._work()
            yield f"\n\n{other}"

    def transcribe(self) -> Response | tuple[str, int]:
        found = _NUMBER.search(request.files["file"].read().decode("latin-1"))
        number = int(found[1])
        if self._is_busy(number):
            return "later", 503
        self._plan.paid.hear(number)
        self._work()
        return jsonify(text=found[0], language="english", duration=2.0)

    def speak(self) -> Response:
        number = re.search(r"\d+", request.get_json()["input"])[0]
        self._plan.paid.speak(int(number))
        self._work()
        return Response(
            recordings.mp3(0.5, title=f"<spoken {number}>".encode()), content_type="audio/mpeg"
        )

    def file(self, name: str) -> Response:
        kind = name.rpartition(".")[2]
        if kind == "png":
            return Response(saved(quarters(), "PNG"), content_type="image/png")
        if kind == "pdf":
            return Response(paper([name]), content_type="application/pdf")
        return abort(404)

    def _is_busy(self, number: int) -> bool:
        """Whether there is no time now; who comes again at once is heard."""
        with self._lock:
            if number in self._sent_away:
                self._sent_away.remove(number)
            elif self._chance.random() < BUSY:
                self._sent_away.add(number)
            return number in self._sent_away

    def _work(self) -> None:
        with self._lock:
            seconds = self._chance.uniform(*SECONDS)
        time.sleep(seconds)


def _asked(content: str | list[dict[str, Any]]) -> int:
    """The number that a question carries."""
    if isinstance(content, str):
        return int(_NUMBER.search(content)[1])
    (url,) = (one["image_url"]["url"] for one in content if one["type"] == "image_url")
    with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as picture:
        return number_of_size(*picture.size)
