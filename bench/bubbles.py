"""How long a person waits for the first bubble of an answer, streamed and whole."""

import time
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit

from bench.errors import MeasurementError
from bench.figures import Sample
from bench.gateway import Standalone, standalone
from bench.messages import Message, webhook_request
from bench.rows import Row
from bench.scene import Scene
from bench.standins.handle import stand_ins
from bench.standins.played import NO_TIME
from bench.standins.streaming import TOKENS_A_SECOND, streaming_assistant

LENGTHS = (500, 2000, 8000)
"""Characters of an answer."""

_CATALOGUE = """\
assistants:
  parts: {name: Parts, backend: openai, model: words, early: parts}
  off: {name: Whole, backend: openai, model: words, early: off}
"""
_LONGEST = 90.0


def measure(scene: Scene) -> list[Row]:
    """Return the time to the first bubble for each length, beside that of the whole answer."""
    times = scene.repetitions(5, 2)
    scene.say(f"bubbles: {times} answers of each length, at {TOKENS_A_SECOND} tokens a second")
    waits = {mode: _waits(scene, mode, times) for mode in ("off", "parts")}
    return [_row(length, waits["off"][length], waits["parts"][length]) for length in LENGTHS]


def _waits(scene: Scene, mode: str, times: int) -> dict[int, Sample]:
    """Return the seconds to the first bubble by length; everybody asks at the same time."""
    folder = scene.sub(f"bubbles-{mode}")
    with ExitStack() as stack:
        played = stack.enter_context(stand_ins(folder, NO_TIME))
        settings = {
            "ASSISTANT_API_URL": stack.enter_context(streaming_assistant()),
            "ASSISTANT_BACKEND": "openai",
            "DEFAULT_ASSISTANT_ID": mode,
        }
        gateway = stack.enter_context(
            standalone(folder, played, catalogue=_CATALOGUE, settings=settings)
        )
        asked = {}
        for number in range(times):
            for length in LENGTHS:
                contact = f"+1555{length:04d}{number:03d}"
                sid = f"SM{length:016x}{number:016x}"
                text = f"Please write me an answer with a length of {length} characters."
                asked[f"whatsapp:{contact}"] = (length, _say(gateway, Message(sid, contact, text)))
        first: dict[str, float] = {}
        deadline = time.monotonic() + _LONGEST
        while len(first) < len(asked):
            if time.monotonic() > deadline:
                raise MeasurementError(f"{len(first)} of {len(asked)} answers began")
            time.sleep(0.5)
            for send in played.record().sends:
                first.setdefault(send.to, send.came)
    found: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for person, (length, sent) in asked.items():
        found[length].append(first[person] - sent)
    return {length: Sample(tuple(values)) for length, values in found.items()}


def _say(gateway: Standalone, message: Message) -> float:
    where = urlsplit(gateway.webhook)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=30)
    connection.connect()
    sent = time.monotonic()
    connection.sock.sendall(webhook_request(message, gateway.webhook))
    if not connection.sock.recv(4096).startswith(b"HTTP/1.1 200"):
        raise MeasurementError("the webhook refused a message")
    connection.close()
    return sent


def _row(length: int, whole: Sample, parts: Sample) -> Row:
    return Row(
        what=f"first bubble of {length:,} characters at {TOKENS_A_SECOND} tokens a second",
        floor=f"whole answer: {whole.text(1, 's')}",
        measured=parts.text(1, "s"),
        value=parts.median,
        unit="s",
        ratio=parts.median / whole.median,
        raw={"seconds": parts.values, "floor_seconds": whole.values},
    )
