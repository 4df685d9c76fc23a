"""What came of one medium, as an assistant is told of it."""

import re
from dataclasses import dataclass

from lib.media.errors import MediaError, MediaSilentError, MediaUnheardError
from lib.model import Document, Media, Picture, Transcript

SUMMARY = 2_000
"""Characters that history keeps of a document: its beginning."""

_NAME = re.compile(r"[^\n/\\]{1,96}\.(\w{2,5})")
_FENCE = re.compile("`{3,}")


@dataclass(frozen=True, slots=True)
class Part:
    """What came of one medium."""

    text: str
    summary: str
    picture: Picture | None = None
    fault: str = ""
    said: Transcript | None = None


def document_part(document: Document, name: str) -> Part:
    """The text of a document, with its name and length, as data."""
    told = [f"“{name}”"] if name else []
    told += [f"{document.pages} pages"] if document.pages > 1 else []
    head = f"[Document {', '.join(told)}]" if told else "[Document]"
    text = document.text
    return Part(_framed(head, text, _left_out(document)), _framed(head, *_beginning(text)))


def _framed(head: str, text: str, after: str) -> str:
    """A text as data: nothing in it can end the fence around it."""
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return "\n".join(filter(None, (head, fence, text, fence, after)))


def _beginning(text: str) -> tuple[str, str]:
    if len(text) <= SUMMARY:
        return text, ""
    return text[:SUMMARY].rpartition(" ")[0] or text[:SUMMARY], "[… the rest is not kept]"


def _left_out(document: Document) -> str:
    if document.more:
        return "[… more was left out]"
    count = document.left_out
    return f"[… {count:,} more characters were left out]" if count else ""


def spoken(said: Transcript) -> Part:
    """What was said, as the person's own words.

    Raises:
        MediaSilentError: nothing was.
    """
    if not said.text:
        raise MediaSilentError("nothing is said in a recording")
    length = f", {round(said.seconds)} s" if said.seconds >= 1 else ""
    text = f"[Voice message{length}]\n{said.text}"
    return Part(text, text, said=said)


def missing_part(medium: Media, error: MediaError) -> Part:
    """What is missing, and why."""
    missing = _missing(medium, error)
    return Part(missing, missing, fault=error.fault)


def _missing(medium: Media, error: MediaError) -> str:
    if isinstance(error, MediaSilentError):
        return "[Recording in which nothing was heard]"
    what, done = (
        ("Recording", "heard") if isinstance(error, MediaUnheardError) else ("Attachment", "read")
    )
    return f"[{what} of type {medium.content_type}, which could not be {done}]"


def named(text: str) -> str:
    """The name of a file, which WhatsApp gives as the text of a document without a caption."""
    said = text.strip()
    return said if _NAME.fullmatch(said) else ""
