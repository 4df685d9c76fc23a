"""An answer as the messages that a person gets."""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.reply import plain, texts
from lib.reply.chunks import split
from lib.reply.components import to_markdown
from lib.reply.formatting import to_whatsapp
from lib.reply.likeness import is_like
from lib.reply.visible import clean
from lib.reply.work import Check, limited, unlimited

MOST_CHUNKS = 100
"""Nobody reads more on a phone, and a turn must fit into one document of a megabyte."""

LONGEST_MARKDOWN = 200_000
"""Characters formatted of an answer: more than the chunks hold, and bounded work for any markup."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """The messages; none where nothing of an answer can be seen.

    ``fault`` names what kept the answer from being formatted: then it is sent as it was written.
    """

    chunks: tuple[str, ...]
    fault: str = ""


class UnlikeError(ValueError):
    """What came out of the formatting is not what went in."""


def render(text: str, check: Check = unlimited, head: str = "") -> Rendering:
    """Return an answer's Markdown as messages, in no more work than the check allows.

    Whatever happens to the formatting, what the answer says is not lost: then its text is cut as
    it is. Of an answer longer than the most there is the beginning, and a sentence that says so.
    ``head`` is a sentence of the gateway's own that is said before it.
    """
    markdown = clean(text[:LONGEST_MARKDOWN])
    fault = ""
    try:
        with limited(check):
            chunks = split(_below(head, _formatted(markdown)))
    except Exception as error:  # noqa: BLE001 - an answer that cost its price is worth any rescue
        chunks, fault = plain.cut(_below(head, markdown)), type(error).__name__
    return Rendering(_bounded(chunks, text), fault)


def rest(
    text: str, said: Sequence[str], check: Check = unlimited, head: str = ""
) -> tuple[str, ...] | None:
    """Return the messages for what is left of an answer whose beginning was said in these.

    None if it does not begin so, behind its ``head``, or nobody can tell.
    """
    try:
        with limited(check):
            formatted = _below(head, _formatted(clean(text[:LONGEST_MARKDOWN])))
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


def _formatted(markdown: str) -> str:
    meant = to_markdown(markdown)
    # What is seen of it is asked again: entities and marks may stand for what nobody can see.
    formatted = clean(to_whatsapp(meant))
    if not is_like(meant, formatted):
        raise UnlikeError
    return formatted
