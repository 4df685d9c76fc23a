"""Live updates: server-sent events to every page that is open."""

import json
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

MOST_PAGES = 8
"""Streams at a time; each holds a thread of the server."""

PING_SECONDS = 15.0
_LONGEST_BACKLOG = 2000

Snapshot = Callable[[], dict[str, Any]]


class TooManyPagesError(Exception):
    """Every stream is taken."""


class Hub:
    """Sends events to subscribers. ``lock`` orders them against snapshots."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._pages: list[queue.SimpleQueue[str | None]] = []

    def tell(self, event: str, data: Any) -> None:
        """Send an event to every page; one that does not keep up must connect again."""
        text = f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        with self.lock:
            for page in list(self._pages):
                page.put(text)
                if page.qsize() > _LONGEST_BACKLOG:
                    self._drop(page)

    def stream(self, snapshot: Snapshot) -> Iterator[str]:
        """Return the events of a new page, the first of them the snapshot.

        Raises:
            TooManyPagesError: there are as many as the server can hold.
        """
        page: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        with self.lock:
            if len(self._pages) >= MOST_PAGES:
                raise TooManyPagesError
            self._pages.append(page)
            first = json.dumps(snapshot(), ensure_ascii=False)
        return self._events(page, first)

    def close(self) -> None:
        """End every stream."""
        with self.lock:
            for page in list(self._pages):
                self._drop(page)

    def _events(self, page: "queue.SimpleQueue[str | None]", first: str) -> Iterator[str]:
        try:
            yield f"retry: 1000\nevent: snapshot\ndata: {first}\n\n"
            while True:
                try:
                    text = page.get(timeout=PING_SECONDS)
                except queue.Empty:
                    text = ": still here\n\n"
                if text is None:
                    return
                yield text
        finally:
            with self.lock:
                if page in self._pages:
                    self._pages.remove(page)

    def _drop(self, page: "queue.SimpleQueue[str | None]") -> None:
        self._pages.remove(page)
        page.put(None)
