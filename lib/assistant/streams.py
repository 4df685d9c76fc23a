"""Asking for a completion in pieces, in a way that its server takes.

Not every server knows ``stream_options``, and some do not stream at all, or not to everybody
(OpenAI's own, to organisations that are not verified): they say so with 400 or 422, and name what
they refuse. Then nothing has run, and the same question may be asked in another form.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lib.assistant.exchange import SUCCESS, Reply

_REFUSED = frozenset({400, 422})
_MOST_READ = 64 * 1024
_OPTIONS = b"stream_options"

Document = Mapping[str, Any]
_WITH_USAGE: Document = {"stream": True, "stream_options": {"include_usage": True}}
_WITHOUT_USAGE: Document = {"stream": True}
_WHOLE: Document = {}


class Streams:
    """Remembers for each server and model the form that it took, while the process lives."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, str], Document] = {}

    def ask(self, post: Callable[[Document], Reply], document: Document, server: str) -> Reply:
        """Ask once, and again for each form that is refused; return the last reply.

        ``post`` asks the server of that URL, with the document as it is given.
        """
        key = (server, str(document.get("model")))
        form = self._forms.get(key, _WITH_USAGE)
        reply = post({**document, **form})
        while (simpler := _simpler(form, reply)) is not None:
            form = simpler
            reply = post({**document, **form})
            if reply.status == SUCCESS:
                self._forms[key] = form
        return reply


def _simpler(form: Document, reply: Reply) -> Document | None:
    """The form without what a reply refuses by name; None if it refuses nothing of the form."""
    if reply.status not in _REFUSED:
        return None
    said = reply.body[:_MOST_READ].lower()
    if form is _WITH_USAGE and _OPTIONS in said:
        return _WITHOUT_USAGE
    names_stream = b"stream" in said.replace(_OPTIONS, b"")
    return _WHOLE if form is not _WHOLE and names_stream else None
