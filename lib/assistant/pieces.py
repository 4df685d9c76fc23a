"""The text of a reply that is still arriving: what its complete pieces say, in order.

Only for who listens meanwhile: the answer itself is read from the whole reply, by ``decode`` and
``completion``, whose rules for each event are the ones used here. Reading ends with an
``AssistantError`` where nothing more should be heard: the stream failed, or repeats itself.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Protocol

from lib.assistant import completion, decode
from lib.assistant.documents import parse
from lib.assistant.encodings import encoding_of
from lib.errors import AssistantError

# An event ends at a blank line; each line ends with one of three signs (WHATWG HTML).
_BLANK_LINE = re.compile(rb"(?:\r\n|\n|\r(?!\n)){2}")
_LONGEST_BLANK = 4
# A few events at once take half the time of each by itself.
_LEAST_BYTES = 1024
_REASONING = re.compile(r'"reasoning(?:_content)?":\s*"[^"]')
_GLUED = re.compile(r'\{\s*"answer"|###JSON|Streaming (?:async )?Error: ')
_WIDEST = 256
_FAILURES = ("Streaming Error: ", "Streaming async Error: ")
_DATA = "data:"


class Pieces(Protocol):
    """Takes the bytes of a reply as they come."""

    thinks_apart: bool
    """Whether thinking came by a way of its own, so that the text has none at its beginning."""

    def read(self, part: bytes) -> str:
        """Return what these bytes add to the text."""


class _Events:
    """The complete events of a stream."""

    def __init__(self, content_type: str) -> None:
        self._encoding = _plain_encoding(content_type)
        self._left = bytearray()
        self._seen = 0
        self._begins = True

    def data(self, part: bytes) -> Iterator[str]:
        self._left += part
        if len(self._left) - self._seen < _LEAST_BYTES:
            return iter(())
        end = 0
        for found in _BLANK_LINE.finditer(self._left, max(0, self._seen - _LONGEST_BLANK)):
            end = found.end()
        text = self._left[:end].decode(self._encoding, "replace")
        del self._left[:end]
        self._seen = len(self._left)
        if self._begins:
            self._begins, text = not text, text.removeprefix("\ufeff")
        return decode.event_data(text)


class CompletionPieces:
    """The pieces of a chat completion."""

    def __init__(self, content_type: str) -> None:
        self.thinks_apart = False
        self._events = _Events(content_type)
        self._said: list[str] = []
        self._length = 0

    def read(self, part: bytes) -> str:
        """Return what these bytes add to the text."""
        return "".join(map(self._read, self._events.data(part)))

    def _read(self, data: str) -> str:
        _check_end(data)
        text = ""
        for piece in completion.pieces(data):
            if not self._length:
                self.thinks_apart |= bool(piece.thinking or _REASONING.search(data))
            self._check(piece)
            text += piece.text
            self._said.append(piece.text)
            self._length += len(piece.text)
        return text

    def _check(self, piece: completion.Completion) -> None:
        """Return if a piece goes on with the text, rather than repeating it as a whole."""
        is_long = len(piece.text) == self._length >= completion.LONG
        if self._length and (piece.is_message or (is_long and "".join(self._said) == piece.text)):
            raise AssistantError("the stream repeats itself")


class VacPieces:
    """The pieces of the assistant API's stream, until its answer comes."""

    thinks_apart = False

    def __init__(self, content_type: str) -> None:
        self._events = _Events(content_type)

    def read(self, part: bytes) -> str:
        """Return what these bytes add to the text."""
        return "".join(map(self._read, self._events.data(part)))

    def _read(self, data: str) -> str:
        _check_end(data)
        try:
            event = parse(data)
        except ValueError:
            return ""
        if not isinstance(event, dict):
            return ""
        if event.get("error") or "answer" in event:
            raise AssistantError("no piece follows")
        chunk = event.get("chunk")
        return chunk if isinstance(chunk, str) else ""


class TextPieces:
    """Plain text, until a failure or the final answer as JSON is glued to it."""

    thinks_apart = False

    def __init__(self, content_type: str) -> None:
        self._decoder = codecs.getincrementaldecoder(_plain_encoding(content_type))("replace")
        self._begins = True
        self._held = ""

    def read(self, part: bytes) -> str:
        """Return what these bytes add to the text."""
        text = self._held + self._decoder.decode(part)
        if self._begins and len(text.lstrip("\ufeff \t\r\n")) < len(_DATA):
            self._held = text
            return ""
        if self._begins:
            self._begins, text = False, text.removeprefix("\ufeff")
            if text.lstrip().startswith(_DATA):
                raise AssistantError("events, though it says text")
        if _GLUED.search(text):
            raise AssistantError("no text follows")
        end = _unglued(text)
        self._held = text[end:]
        return text[:end]


def _unglued(text: str) -> int:
    """Where the part of a text ends that is surely no beginning of what ``_GLUED`` finds."""
    ends = [len(text.rstrip("#"))]
    brace = text.rfind("{", max(0, len(text) - _WIDEST))
    if brace >= 0 and '"answer"'.startswith(text[brace + 1 :].lstrip()):
        ends.append(brace)
    failing = text.rfind("S", max(0, len(text) - len(_FAILURES[-1])))
    if failing >= 0 and any(one.startswith(text[failing:]) for one in _FAILURES):
        ends.append(failing)
    return min(ends)


def _check_end(data: str) -> None:
    if data.strip() == decode.DONE:
        raise AssistantError("no piece follows")


def _plain_encoding(content_type: str) -> str:
    encoding = encoding_of(content_type)
    if encoding.startswith("utf-16"):
        raise AssistantError("read as a whole only")
    return encoding
