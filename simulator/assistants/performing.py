"""Writing an answer piece by piece, as fast as its script says, while somebody listens."""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask import Response

from simulator.assistants import journal
from simulator.assistants.connection import Connection, HungUpError
from simulator.assistants.forms import Form
from simulator.assistants.journal import Stream

_AT_ONCE = re.compile(r".{1,40}", re.DOTALL)


class Ending(StrEnum):
    """How a stream ends: as it should, in the middle without a word, by an error, or torn off."""

    GOOD = "good"
    UNFINISHED = "unfinished"
    FAILED = "failed"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Script:
    """What an assistant says and how.

    ``pause`` is the time between two pieces in seconds, or between two bytes if ``in_bytes``.
    ``answer`` is what it takes for its answer in the end where that is not what it said;
    ``again`` is whether it says it once more where its protocol does not ask for that.
    """

    pieces: Iterable[str]
    pause: float = 0.0
    ending: Ending = Ending.GOOD
    answer: str | None = None
    again: bool = False
    in_bytes: bool = False


def at_once(answer: str) -> Script:
    """Return the script of an assistant that knows its answer."""
    return Script(_AT_ONCE.findall(answer))


def perform(script: Script, form: Form, connection: Connection, stream: Stream) -> Response:
    """Return a reply that is written while it is sent, and keeps account of that."""
    written = _accounted(script, form, connection, stream)
    return Response(written, content_type=form.content_type)


def _accounted(
    script: Script, form: Form, connection: Connection, stream: Stream
) -> Iterator[bytes]:
    try:
        yield from _written(script, form, connection, stream)
    except (HungUpError, GeneratorExit):
        if stream.ending == journal.OPEN:
            stream.ending = journal.CLOSED
        raise


def _written(script: Script, form: Form, connection: Connection, stream: Stream) -> Iterator[bytes]:
    begun = time.monotonic()
    said: list[str] = []
    for number, piece in enumerate(script.pieces, 1):
        if not script.in_bytes:
            connection.wait(begun + number * script.pause - time.monotonic())
        text = form.piece(piece) if said else form.begin() + form.piece(piece)
        yield from _sent(text, script, connection)
        said.append(piece)
        stream.characters += len(piece)
    yield from _ended("".join(said), script, form, connection, stream)


def _ended(
    said: str, script: Script, form: Form, connection: Connection, stream: Stream
) -> Iterator[bytes]:
    if script.ending is Ending.CUT:
        stream.ending = journal.CUT
        raise HungUpError
    if script.ending is Ending.FAILED:
        yield from _sent(form.failure(), script, connection)
        stream.ending = journal.FAILED
    if script.ending is Ending.UNFINISHED:
        stream.ending = journal.CUT
    if script.ending is Ending.GOOD:
        answer = said if script.answer is None else script.answer
        yield from _sent(form.end(said, answer, again=script.again), script, connection)
        stream.ending = journal.FINISHED


def _sent(text: str, script: Script, connection: Connection) -> Iterator[bytes]:
    """Hand over what was written: all of it, or a byte at a time; nothing sends no header."""
    if not script.in_bytes:
        yield from [text.encode()] if text else []
        return
    for byte in text.encode():
        connection.wait(script.pause)
        yield bytes([byte])
