"""Firestore's documents, connected at first use."""

import threading
from typing import TYPE_CHECKING, Any

from lib.ports.documents import Documents

if TYPE_CHECKING:
    from lib.storage.firestore.channel import Token


class DeferredDocuments:
    """Stands for FirestoreDocuments until one of its operations is first wanted.

    What speaks with Firestore takes a while to load, and a connection must not be made before the
    server has forked.
    """

    def __init__(
        self, project: str, database: str, timeout: float, emulator: str, token: "Token | None"
    ) -> None:
        self._where = project, database, timeout, emulator, token
        self._lock = threading.Lock()
        self._documents: Documents | None = None

    def load(self) -> Documents:
        """Connect now."""
        with self._lock:
            if self._documents is None:
                from lib.storage.firestore.connection import Connection  # noqa: PLC0415
                from lib.storage.firestore.documents import FirestoreDocuments  # noqa: PLC0415

                self._documents = FirestoreDocuments(Connection(*self._where))
            return self._documents

    def __getattr__(self, operation: str) -> Any:
        return getattr(self.load(), operation)
