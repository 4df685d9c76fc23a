"""An answer as the messages that a person gets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.model import Chunk, Enclosing
from lib.reply import plain, texts
from lib.reply.chunks import split
from lib.reply.components import to_markdown
from lib.reply.formatting import to_whatsapp
from lib.reply.likeness import is_like
from lib.reply.visible import clean
from lib.reply.work import Check, limited, unlimited

if TYPE_CHECKING:
    from lib.reply.enclosures import Enclosures

MOST_CHUNKS = 100
"""Nobody reads more on a phone, and a turn must fit into one document of a megabyte."""

LONGEST_MARKDOWN = 200_000
"""Characters formatted of an answer: more than the chunks hold, and bounded work for any markup."""

_NOTHING: tuple[Chunk, ...] = ()
# Without these there is no medium, whatever else is there.
_TARGET = re.compile(r"//|geo:|tel:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rendering:
    """The messages; none where nothing of an answer can be seen.

    ``fault`` names what kept the answer from being formatted: then it is sent as it was written.
    ``enclosed`` are its media, which follow it.
    """

    chunks: tuple[str, ...]
    fault: str = ""
    enclosed: tuple[Chunk, ...] = ()


class UnlikeError(ValueError):
    """What came out of the formatting is not what went in."""


def render(
    text: str, check: Check = unlimited, head: str = "", enclosing: Enclosing | None = None
) -> Rendering:
    """Return an answer's Markdown as messages, in no more work than the check allows.

    Whatever happens to the formatting, what the answer says is not lost: then its text is cut as
    it is. Of an answer longer than the most there is the beginning, and a sentence that says so.
    ``head`` is a sentence of the gateway's own that is said before it. ``enclosing`` is what may
    leave as a medium, None for nothing.
    """
    markdown = clean(text[:LONGEST_MARKDOWN])
    fault, enclosed = "", _NOTHING
    try:
        with limited(check):
            formatted, enclosed = _formatted(markdown, enclosing)
            chunks = split(_below(head, formatted))
    except Exception as error:  # noqa: BLE001 - an answer that cost its price is worth any rescue
        chunks, enclosed = plain.cut(_below(head, markdown)), _NOTHING
        fault = type(error).__name__
    return Rendering(_bounded(chunks, text), fault, enclosed)


def rest(
    text: str,
    said: Sequence[str],
    check: Check = unlimited,
    head: str = "",
    enclosing: Enclosing | None = None,
) -> tuple[str, ...] | None:
    """Return the messages for what is left of an answer whose beginning was said in these.

    None if it does not begin so, behind its ``head``, or nobody can tell.
    """
    try:
        with limited(check):
            markdown = clean(text[:LONGEST_MARKDOWN])
            formatted = _below(head, _formatted(markdown, enclosing)[0])
            place = _place_behind(said, formatted)
            return None if place is None else _bounded(split(formatted[place:]), text)
    except Exception:  # noqa: BLE001 - whatever it is, the whole answer is said instead
        return None


def _below(head: str, formatted: str) -> str:
    """A text with a head above it; nothing where there is no text."""
    return f"{head}\n\n{formatted}" if head and formatted.strip() else formatted


def _place_behind(said: Sequence[str], formatted: str) -> int | None:
    place = 0
    for words in said:
        place += len(formatted[place:]) - len(formatted[place:].lstrip())
        if not formatted.startswith(words, place):
            return None
        place += len(words)
    return place if not formatted[place : place + 1].strip() else None


def _bounded(chunks: tuple[str, ...], text: str) -> tuple[str, ...]:
    whole = len(chunks) <= MOST_CHUNKS and len(text) <= LONGEST_MARKDOWN
    return chunks if whole else (*chunks[:MOST_CHUNKS], texts.SHORTENED)


def _formatted(markdown: str, enclosing: Enclosing | None) -> tuple[str, tuple[Chunk, ...]]:
    meant = to_markdown(markdown, enclosing)
    enclosures = _enclosures(meant, enclosing)
    # What is seen of it is asked again: entities and marks may stand for what nobody can see.
    formatted = clean(to_whatsapp(meant, enclosures=enclosures))
    enclosed = tuple(enclosures.found) if enclosures is not None else ()
    if not is_like(meant, "\n".join((formatted, *(chunk.text for chunk in enclosed)))):
        raise UnlikeError
    return formatted, enclosed


def _enclosures(markdown: str, enclosing: Enclosing | None) -> "Enclosures | None":
    if enclosing is None or not _TARGET.search(markdown):
        return None
    from lib.reply.enclosures import Enclosures  # noqa: PLC0415 - many answers name nothing

    return Enclosures(enclosing)
