"""A real database of documents, with somebody who is told before each thing that is asked of it."""

from collections.abc import Callable, Iterable
from typing import Any

from lib.ports.documents import Documents, Key, Write

Before = Callable[[str, Key], None]
"""Gets the name of an operation and the first key it is about, without an id for a query."""


class WatchedDocuments:
    """Passes everything on to a database; where ``before`` raises, that is what is raised."""

    def __init__(self, documents: Documents, before: Before) -> None:
        self._documents = documents
        self._before = before

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self._documents, name)

        def watched(about: Key | str | Iterable[Key | Write], *others: Any, **options: Any) -> Any:
            if not isinstance(about, Key | str):
                about = list(about)
            self._before(name, _first(about))
            return operation(about, *others, **options)

        return watched


def _first(about: Key | str | list[Key | Write]) -> Key:
    if isinstance(about, str):
        return Key(about, "")
    first = about if isinstance(about, Key) else about[0]
    return first.key if isinstance(first, Write) else first
