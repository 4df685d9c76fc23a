"""Where a distributed gateway keeps everything: Firestore."""

from typing import TYPE_CHECKING, cast

from lib.model import Catalogue
from lib.ports.clock import Clock
from lib.ports.documents import Documents, Key, Write
from lib.storage.catalogue.documents import catalogue_documents
from lib.storage.firestore.deferred import DeferredDocuments
from lib.storage.keeping import DEFAULT_KEEPING, Keeping
from lib.storage.stores import stores_on
from lib.storage.stores.permissions import with_blocks

if TYPE_CHECKING:
    from lib.storage.firestore.channel import Token


class FirestoreStorage:
    """The stores on Firestore, or on an emulator at a host and port.

    ``timeout`` is the seconds of each request, with its retries. ``token`` gives those of a
    service account; without it whoever is logged in here uses the database.
    """

    def __init__(  # noqa: PLR0913 - plain values, each with a default
        self,
        project: str,
        clock: Clock,
        *,
        database: str = "(default)",
        timeout: float = 10.0,
        emulator: str = "",
        keeping: Keeping = DEFAULT_KEEPING,
        secret: bytes = b"",
        token: "Token | None" = None,
    ) -> None:
        self._deferred = DeferredDocuments(project, database, timeout, emulator, token)
        self.documents = cast("Documents", self._deferred)
        self.stores = stores_on(self.documents, clock, keeping, secret)

    def load(self) -> None:
        """Load what speaks with it, which the first request otherwise waits for."""
        self._deferred.load()

    def load_catalogue(self, catalogue: Catalogue) -> None:
        """Create or replace the catalogue's assistants and permissions; delete no others.

        Whom an operator blocked stays blocked until an operator takes that back.
        """
        given = (
            Write(Key(collection, document_id), document)
            for collection, documents in catalogue_documents(catalogue).items()
            for document_id, document in documents.items()
        )
        self.documents.replace(with_blocks(given, self.documents))
