"""Replies of the assistant API: JSON, server-sent events or text, told by their Content-Type.

An ``answer`` always wins over pieces that were streamed before it: pieces can get lost.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from lib.assistant import parts
from lib.assistant.documents import parse, parse_from
from lib.assistant.encodings import text_of
from lib.assistant.exchange import EVENTS, MOST_BYTES, Reply, kind_of
from lib.errors import AssistantEmptyError, AssistantError, AssistantOversizeError

_FAILURES = ("QNA_ERROR:", "Traceback (most recent call last):")
_HTML = ("<!doctype html", "<html")
_STREAM_FAILURE = re.compile(r"Streaming (?:async )?Error: ")
_TAIL = '"answer"'
_WIDEST_TAIL = 256  # characters from the brace to the word
_END = re.compile(r"\s*+(?:###JSON_END###)?\s*+")
_MOST_TAILS = 100
_MOST_READINGS = 3
_EVENTS = re.compile(r"\s*+data:\s*+\{")
_EVENT = re.compile(r"[^\n]++(?:\n[^\n]++)*+")
_MOST_EVENTS = 50_000
DONE = "[DONE]"
"""The data of a stream's last event."""


def decode(reply: Reply) -> str:
    """Return the answer in a successful reply, thinking still in it.

    Raises:
        AssistantEmptyError: an answer without a word.
        AssistantOversizeError: more than can be read without keeping others waiting.
        AssistantError: no complete answer, or a failure dressed up as one.
    """
    kind = kind_of(reply.content_type)
    answer = _DECODERS.get(kind, _sniffed)(text_of(reply))
    if answer.lstrip().startswith(_FAILURES):
        raise AssistantError("the assistant failed while answering")
    if not answer.strip():
        raise AssistantEmptyError("an empty answer")
    return answer


def _json(text: str) -> str:
    try:
        return _answer(parse(text))
    except ValueError:
        raise AssistantError("the reply is not the JSON it claims to be") from None


def _answer(document: Any) -> str:
    answer = document.get("answer") if isinstance(document, dict) else None
    if not isinstance(answer, str | list):
        raise AssistantError("the reply has no answer")
    return parts.said(answer)


def _events(text: str) -> str:
    answer = None
    for data in event_data(text):
        if data.strip() == DONE:
            break
        try:
            event = parse(data)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("error"):
            raise AssistantError("the stream reports an error")
        if isinstance(event, dict) and "answer" in event:
            answer = _answer(event)
    if answer is None:
        raise AssistantError("the stream ended without an answer")
    return answer


def event_data(text: str) -> Iterator[str]:
    """The data of each event (WHATWG HTML, "Server-sent events").

    Raises:
        AssistantOversizeError: there are more events than any answer has.
        AssistantError: an event says by its name that the answer failed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for count, event in enumerate(_EVENT.finditer(text)):
        if count >= _MOST_EVENTS:
            raise AssistantOversizeError("the stream has too many events")
        if len(event[0]) > MOST_BYTES:
            raise AssistantOversizeError("an event of the stream is too large")
        data = _values(event[0], "data")
        # Some servers end events with one line break instead of two.
        yield from data if all(map(_is_whole, data)) else ["\n".join(data)]
        if "error" in _values(event[0], "event"):
            raise AssistantError("the stream reports an error")


def _values(event: str, wanted: str) -> list[str]:
    fields = (line.partition(":") for line in event.split("\n"))
    return [value.removeprefix(" ") for name, _, value in fields if name == wanted]


def _is_whole(data: str) -> bool:
    """Whether one line is an event's data of its own, by its two ends."""
    return data.strip() == DONE or (data.lstrip()[:1] == "{" and data.rstrip()[-1:] == "}")


def _plain(text: str) -> str:
    """Pieces, and glued to them the final answer as JSON; or a server's plain text.

    Text without such a tail is taken as it is. Where it was cut off, HTTP tells: the reply is
    shorter than announced; only a server that announces nothing can cut it unseen.
    """
    if _STREAM_FAILURE.search(text):
        raise AssistantError("the assistant failed while streaming")
    if text.lstrip()[:16].lower().startswith(_HTML):
        raise AssistantError("the reply is a web page")
    if _EVENTS.match(text):
        return _events(text)
    document = _glued(text)
    return text if document is None else _answer(document)


def _glued(text: str) -> Any:
    """The JSON document that ends the text; None if there is none.

    It may hold others, and the text before it may talk of some: each is tried, but no more is
    read than the whole text a few times over.
    """
    is_cut = False
    left = _MOST_READINGS * len(text)
    for start in _tails(text):
        if left <= 0:
            break
        try:
            document, end = parse_from(text, start)
        except ValueError as error:
            is_cut |= _ends_too_soon(error, text)
            left -= getattr(error, "pos", len(text)) - start
            continue
        if _END.fullmatch(text, end):
            return document
        left -= end - start
    if is_cut:
        raise AssistantError("the answer at the end of the stream was cut off")
    return None


def _tails(text: str) -> list[int]:
    """Where the last of what may be a final answer begin: a brace, blanks and the word.

    Looked for from the end, one by one: all at once would keep other threads waiting.
    """
    found: list[int] = []
    word = text.rfind(_TAIL)
    while word >= 0 and len(found) < _MOST_TAILS:
        before = text[max(0, word - _WIDEST_TAIL) : word]
        brace = before.rstrip()
        if brace.endswith("{"):
            found.append(word - len(before) + len(brace) - 1)
        word = text.rfind(_TAIL, 0, word)
    return found[::-1]


def _ends_too_soon(error: Exception, text: str) -> bool:
    return isinstance(error, json.JSONDecodeError) and (
        error.pos >= len(text) or error.msg.startswith("Unterminated string")
    )


def _sniffed(text: str) -> str:
    beginning = text.lstrip()[:16].lower()
    if beginning.startswith("{"):
        return _json(text)
    if beginning.startswith(("data:", "event:", ":")):
        return _events(text)
    raise AssistantError("the reply is of no known kind")


_DECODERS: dict[str, Callable[[str], str]] = {
    "application/json": _json,
    EVENTS: _events,
    "text/plain": _plain,
    "text/markdown": _plain,
}
