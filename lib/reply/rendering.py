"""An answer as the messages that a person gets."""

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


def render(text: str, check: Check = unlimited) -> Rendering:
    """Return an answer's Markdown as messages, in no more work than the check allows.

    Whatever happens to the formatting, what the answer says is not lost: then its text is cut as
    it is. Of an answer longer than the most there is the beginning, and a sentence that says so.
    """
    markdown = clean(text[:LONGEST_MARKDOWN])
    fault = ""
    try:
        with limited(check):
            chunks = split(_formatted(markdown))
    except Exception as error:  # noqa: BLE001 - an answer that cost its price is worth any rescue
        chunks, fault = plain.cut(markdown), type(error).__name__
    whole = len(chunks) <= MOST_CHUNKS and len(text) <= LONGEST_MARKDOWN
    return Rendering(chunks if whole else (*chunks[:MOST_CHUNKS], texts.SHORTENED), fault)


def _formatted(markdown: str) -> str:
    meant = to_markdown(markdown)
    # What is seen of it is asked again: entities and marks may stand for what nobody can see.
    formatted = clean(to_whatsapp(meant))
    if not is_like(meant, formatted):
        raise UnlikeError
    return formatted
