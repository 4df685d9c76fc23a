"""Showing pictures to models, of which not every one can see.

A server that takes no pictures says so, mostly with 400, and names them or the form of the content
that they stand in. Then nothing has run, and the question may be asked once more without them.
Sources, as users of each server report it: OpenAI ("Invalid content type. image_url is only
supported by certain models"), Groq ("content must be a string"), DeepSeek ("unknown variant
`image_url`, expected `text`"), vLLM ("is not a multimodal model", "At most 0 image(s) may be
provided"), pydantic's 422 ("list[TextContentPart]"), OpenRouter (404, "No endpoints found that
support image input"), llama.cpp (500, "image input is not supported"); and of 413, that proxies
take a megabyte by default.
"""

import base64
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lib.assistant.diagnosis import error_names
from lib.assistant.endings import is_declined
from lib.assistant.exchange import SUCCESS, Reply
from lib.assistant.streams import Document
from lib.model import Assistant, Question
from lib.model.reading import Picture

_log = logging.getLogger(__name__)

_TOO_LARGE = 413
_REFUSED = frozenset({400, 404, 415, 422})
_MOST_READ = 64 * 1024
_NAMED = re.compile(
    rb"image|picture|vision|multi-?modal|content[_ ]?(type|part)|textcontentpart"
    rb"|must be a string|valid string|string (message )?content"
)
# Said with whatever status, it means that nothing ran.
_CERTAIN = re.compile(rb"image input is not supported|unsupported content part type")
# A fault of these pictures or of so many of them: others may be seen.
_OF_THESE = re.compile(
    rb"invalid[_ ](image|base64)|image[_ ](parse|size|format|too)|too[_ ](large|many|big|long)"
    rb"|at most [1-9]|exceed|maximum|could not|cannot (identify|decode)|corrupt"
    rb"|unsupported (image|mime|format)"
)


class Sight:
    """Remembers for each server and model whether it can see, while the process lives."""

    def __init__(self) -> None:
        self._blind: set[tuple[str, str]] = set()
        self._seeing: set[tuple[str, str]] = set()

    def ask(
        self,
        put: Callable[[Document], Reply],
        document: Document,
        question: Question,
        assistant: Assistant,
        server: str,
    ) -> tuple[Reply, int]:
        """Ask with the pictures, or once more without; return the reply, and how many it lacks.

        ``put`` asks the server of that URL. The last message of the document is the question.
        """
        blind = _saying(document, without_pictures(question).text)
        key = (server, str(document.get("model")))
        sees = assistant.pictures
        if sees is False or (sees is None and key in self._blind):
            return put(blind), len(question.pictures)
        reply = put(_saying(document, _parts(question)))
        if reply.status == SUCCESS:
            self._seeing.add(key)
        if not _refuses(reply):
            return reply, 0
        is_blind = key not in self._seeing and not _is_of_these(reply)
        reply = put(blind)
        if reply.status == SUCCESS and is_blind:
            self._blind.add(key)
            _log.warning("assistant takes no pictures", extra={"assistant_id": assistant.id})
        return reply, len(question.pictures)


def without_pictures(question: Question) -> Question:
    """The same question, which says instead that there were pictures."""
    count = len(question.pictures)
    told = f"[{count} picture{'s' if count > 1 else ''} could not be shown to this assistant]"
    text = f"{question.text}\n\n{told}" if question.text.strip() else told
    return replace(question, text=text, pictures=())


def _saying(document: Document, content: Any) -> Document:
    """The document with another content of its last message."""
    *before, last = document["messages"]
    return {**document, "messages": [*before, {**last, "content": content}]}


def _parts(question: Question) -> list[dict[str, Any]]:
    """A text, unless there is none, which some servers refuse, and each picture by itself."""
    text = [{"type": "text", "text": question.text}] if question.text.strip() else []
    return [*text, *map(_part, question.pictures)]


def _part(picture: Picture) -> dict[str, Any]:
    url = f"data:{picture.content_type};base64,{base64.b64encode(picture.data).decode()}"
    return {"type": "image_url", "image_url": {"url": url, "detail": "auto"}}


def _refuses(reply: Reply) -> bool:
    """Whether a reply says that pictures are not taken, so that nothing has run."""
    said = _said(reply)
    if reply.status == SUCCESS or any(map(is_declined, error_names(reply))):
        return False
    if reply.status in _REFUSED:
        return bool(_NAMED.search(said))
    return reply.status == _TOO_LARGE or bool(_CERTAIN.search(said))


def _is_of_these(reply: Reply) -> bool:
    return reply.status == _TOO_LARGE or bool(_OF_THESE.search(_said(reply)))


def _said(reply: Reply) -> bytes:
    return reply.body[:_MOST_READ].lower()
