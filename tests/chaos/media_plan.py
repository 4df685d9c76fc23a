"""People who photograph, share and speak: what they send, and what must come back.

Every message carries a number, in words, in the words of a document or a recording, or as the size
of a photograph. The answer is of that number, too: a text, then perhaps a medium, then its voice.
"""

import io
import random
from dataclasses import dataclass, field

from PIL import Image

from lib.reply.chunks import split
from tests import recordings
from tests.chaos.media_paid import Paid
from tests.chaos.plan import Plan, Said

SENT = ("words",) * 4 + ("photo", "scan") + ("document",) * 2 + ("voice",) * 4
ANSWERED = ("words",) * 4 + ("picture",) * 3 + ("file",) * 2 + ("card", "long")
_WIDEST = 64
_SMALLEST = 32


@dataclass(frozen=True, slots=True)
class Attached(Said):
    """A message with a medium, unless it has no ``content_type``.

    ``instead`` are the texts that may stand in the places of media, ``voice`` is what may be heard
    behind all else, if anything may.
    """

    content_type: str = ""
    kind: str = ""
    data: bytes = b""
    instead: tuple[tuple[str, str], ...] = ()
    voice: str = ""


@dataclass(slots=True)
class MediaPlan(Plan):
    """Who sends what; ``answers`` by number, with ``{files}`` where the assistant has files."""

    answers: dict[int, str] = field(default_factory=dict)
    paid: Paid = field(default_factory=Paid)


def make_plan(seed: int, messages: int, contacts: int) -> MediaPlan:
    """Return who sends what."""
    plan = MediaPlan(seed)
    chance = plan.random("media")
    for number in range(messages):
        person = f"+1555{number % contacts:07d}"
        sent, answered = chance.choice(SENT), chance.choice(ANSWERED)
        plan.answers[number] = _ANSWERS[answered].replace("{n}", str(number))
        message = _message(number, sent, answered, chance)
        plan.contacts.setdefault(person, []).append(message)
    return plan


def number_of_size(width: int, height: int) -> int:
    """The number of the message whose picture is so large."""
    return (height - _SMALLEST) * _WIDEST + width - _SMALLEST


_LONG = "\n\n".join(
    f"Answer {{n}}, part {part}: {'and so on, word after word, ' * 40}".strip() for part in range(3)
)
_PICTURE = "![Picture {n}]({files}/{n}.png)"
_ANSWERS = {
    "words": "Answer {n}.",
    "picture": f"Here is {{n}}:\n\n{_PICTURE}",
    "file": "Read {n}:\n\n[Paper {n}]({files}/{n}.pdf)",
    "card": "Ask for {n}:\n\n[Ann {n}](tel:+4915550{n})",
    "long": f"{_LONG}\n\n{_PICTURE}",
}
_TEXTS = {
    "words": "Answer {n}.",
    "picture": "Here is {n}:",
    "file": "Read {n}:\n\nPaper {n}",
    "card": "Ask for {n}:",
    "long": _LONG,
}
_SEEN = ("<{n}.png> Picture {n}", "Picture {n} ({n}.png)")
_MEDIA = {
    "picture": _SEEN,
    "file": ("<{n}.pdf>", "Paper {n} ({n}.pdf)"),
    "card": ("<Ann-{n}.vcf>", "Ann {n}: +4915550{n}"),
    "long": _SEEN,
}


def _message(number: int, sent: str, answered: str, chance: random.Random) -> Attached:
    asked = f"question {number}"
    head = f"> {asked}\n\n" if sent == "voice" else ""
    text = head + _TEXTS[answered].replace("{n}", str(number))
    media = [one.replace("{n}", str(number)) for one in _MEDIA.get(answered, ())]
    content_type, kind, data = _enclosed(number, sent)
    return Attached(
        sid=f"SM{number:032x}",
        text="" if content_type else asked,
        copies=chance.choice((1, 1, 2, 3)),
        expected=(*split(text), *media[:1]),
        content_type=content_type,
        kind=kind,
        data=data,
        instead=((media[0], media[1]),) if media else (),
        voice=f"<spoken {number}>" if sent == "voice" else "",
    )


def _enclosed(number: int, sent: str) -> tuple[str, str, bytes]:
    """The type of a medium, what kind of message it makes, and its bytes."""
    asked = f"question {number}".encode()
    if sent == "document":
        return "text/plain", "document", b"Somebody wants to know " + asked
    if sent == "voice":
        packet = recordings.PACKET[:1] + asked.rjust(39)
        return "audio/ogg", "audio", recordings.opus(2, packet=packet)
    if sent == "photo":
        return "image/jpeg", "image", _picture(number, "JPEG")
    return ("image/png", "image", _picture(number, "PNG")) if sent == "scan" else ("", "", b"")


def _picture(number: int, kind: str) -> bytes:
    file = io.BytesIO()
    size = _SMALLEST + number % _WIDEST, _SMALLEST + number // _WIDEST
    Image.new("RGB", size, "red").save(file, kind)
    return file.getvalue()
