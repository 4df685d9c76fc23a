"""A chat completion as what it says: in one piece, or as the stream that nobody asked for."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from lib.assistant import endings, parts
from lib.assistant.decode import DONE, event_data
from lib.assistant.documents import parse
from lib.assistant.encodings import text_of
from lib.assistant.exchange import EVENTS, MOST_BYTES, Reply, kind_of
from lib.assistant.usage import tokens_of
from lib.errors import (
    AssistantDeclinedError,
    AssistantEmptyError,
    AssistantError,
    AssistantOversizeError,
)
from lib.model import TokenUsage

_BEGINNINGS = (b"data:", b"event:", b"id:", b"retry:", b":")
LONG = 200
"""Characters that no server sends in one piece twice, unless it repeats the whole text."""

# What some servers write into every piece but the last, as text.
_NOTHING = frozenset({"", "null", "none"})


class Completion(NamedTuple):
    """What a model said, what it thought in parts of their own, and the word that ended it.

    ``is_message`` tells a whole message from a piece of one.
    """

    text: str = ""
    thinking: str = ""
    refusal: str = ""
    ending: Any = None
    is_message: bool = False
    tokens: TokenUsage | None = None


def read(reply: Reply) -> Completion:
    """Return the completion in a successful reply.

    Raises:
        AssistantDeclinedError: there is none, because of a filter or the model's own refusal.
        AssistantEmptyError: it has no text.
        AssistantOversizeError: it has more parts than can be read without keeping others waiting.
        AssistantError: it failed, was cut off, or is no completion.
    """
    completion = _streamed(reply) if _is_stream(reply) else _whole(reply)
    if len(completion.text) > MOST_BYTES:
        raise AssistantOversizeError("the answer is too large")
    if completion.refusal.strip() and not completion.text.strip():
        return completion._replace(text=completion.refusal)
    has_text = bool(completion.text.strip())
    if endings.is_declined(completion.ending) and not has_text:
        raise AssistantDeclinedError(f"the completion ended with {_word(completion.ending)}")
    if endings.is_failure(completion.ending):
        raise AssistantError(f"the completion ended with {_word(completion.ending)}")
    if not has_text:
        raise AssistantEmptyError("an empty completion")
    return completion


def _word(ending: Any) -> str:
    return str(ending)[:32]


def _is_stream(reply: Reply) -> bool:
    kind = kind_of(reply.content_type)
    beginning = reply.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return (kind == EVENTS and beginning[:1] != b"{") or beginning.startswith(_BEGINNINGS)


def _whole(reply: Reply) -> Completion:
    try:
        document = parse(text_of(reply))
    except ValueError:
        raise AssistantError("the reply is no chat completion") from None
    _check_error(document)
    completion = _choice(document)
    if completion is None:
        raise AssistantError("the reply is no chat completion")
    return completion._replace(tokens=tokens_of(document))


def _streamed(reply: Reply) -> Completion:
    """Join the pieces. Without a last word the stream was cut, and the answer with it."""
    found: list[Completion] = []
    for data in event_data(text_of(reply)):
        if data.strip() == DONE:
            return _joined(found, "stop")
        found += pieces(data)
    if not any(isinstance(piece.ending, str) for piece in found):
        raise AssistantError("the stream was cut off")
    return _joined(found, None)


def pieces(data: str) -> Iterator[Completion]:
    """The piece of a completion that an event of a stream is, if it is one.

    Raises:
        AssistantError: the event says that the answer failed, or is broken.
    """
    if not data.lstrip().startswith("{"):
        return  # some servers send comments as data
    try:
        document = parse(data)
    except ValueError:
        raise AssistantError("an event of the stream is broken") from None
    _check_error(document)
    piece, tokens = _choice(document), tokens_of(document)
    if piece or tokens:
        yield (piece or Completion())._replace(tokens=tokens)


def _joined(found: list[Completion], ending: Any) -> Completion:
    endings_told = [piece.ending for piece in found if piece.ending]
    last = next((piece for piece in reversed(found) if piece.text), Completion())
    text = "".join(piece.text for piece in found)
    # Some servers end their pieces with the whole text once more: as a message (MiniMax), or as
    # one more piece (sunholo's route for FastAPI).
    may_repeat = last.is_message or len(last.text) >= LONG
    return Completion(
        last.text if may_repeat and text == last.text * 2 else text,
        "".join(piece.thinking for piece in found),
        "".join(piece.refusal for piece in found),
        endings_told[-1] if endings_told else ending,
        tokens=next((piece.tokens for piece in reversed(found) if piece.tokens), None),
    )


def _choice(document: Any) -> Completion | None:
    """The first choice of a completion or of a piece of one; None where there is none."""
    choices = document.get("choices") if isinstance(document, dict) else None
    found = choices if isinstance(choices, list) else []
    choice = next((one for one in found if isinstance(one, dict) and not one.get("index")), None)
    if choice is None:
        return None
    message = choice.get("message") or choice.get("delta")
    if not isinstance(message, dict):
        message = {"content": choice.get("text")}
    content, refusal = message.get("content"), message.get("refusal")
    return Completion(
        parts.said(content),
        parts.thought(content),
        parts.said(refusal),
        _ending(choice.get("finish_reason")),
        bool(choice.get("message")),
    )


def _ending(word: Any) -> Any:
    return None if isinstance(word, str) and word.strip().lower() in _NOTHING else word


def _check_error(document: Any) -> None:
    """Raise what an error within a reply of success says it is."""
    found = document[0] if isinstance(document, list) and document else document
    error = found.get("error") if isinstance(found, dict) else None
    if not error:
        return
    words = [error.get(name) for name in ("code", "type")] if isinstance(error, dict) else []
    if any(map(endings.is_declined, words)):
        raise AssistantDeclinedError("the server declined to answer")
    raise AssistantError("the reply is an error")
