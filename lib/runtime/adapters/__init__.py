"""The adapters that a configuration asks for, a module for each thing outside.

What an adapter stands on is imported when it is built, at its first use: the webhook never loads
Firestore or Twilio's REST client, and no client exists before the server has forked its workers.
"""

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lib.runtime.once import once
from lib.settings import roles
from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.media.reader import MediaReader
    from lib.model import Chunk, InboundMessage, OutboundMedia, Reading, Turn
    from lib.ports.assistant import AssistantClient
    from lib.ports.hearing import Hearing
    from lib.ports.media_store import MediaStore
    from lib.ports.sender import Sender
    from lib.ports.typing import Typing
    from lib.runtime.adapters.kept import KeptMedia
    from lib.runtime.adapters.media_out import MediaOut
    from lib.stopping import Stop
    from lib.storage.firestore.storage import FirestoreStorage
    from lib.storage.sqlite.database import Database
    from lib.storage.sqlite.storage import SqliteStorage
    from lib.storage.stores import Stores
    from lib.twilio.menu_contents import MenuContents
    from lib.twilio.refusals import RefusalCount
    from lib.twilio.sender import TwilioSender
    from lib.twilio.signature import Verifier


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


class Adapters:
    """What a process reaches outside of itself.

    ``local`` means one process on SQLite, else Google Cloud. ``declared`` is what the environment
    said before stand-ins were filled in: what the health check tells.
    """

    def __init__(
        self, config: Config, *, local: bool = False, declared: Config | None = None
    ) -> None:
        self.config = config
        self.local = local
        self.declared = declared or config
        self.lock = threading.RLock()
        self.parts: dict[str, Any] = {}

    def verifier(self, public_url: str) -> "Verifier":
        """Return the lock of a public endpoint, open only where nobody else can reach it."""
        from lib.runtime.adapters import twilio

        if not self.config.twilio.validate_signature:
            roles.require_loopback(self.config)
        # The built-in simulator's account is nobody's: where it stands in, none is the wrong one.
        account_sid = self.config.twilio.account_sid
        named = account_sid if account_sid == self.declared.twilio.account_sid else ""
        return twilio.verifier(self.config, public_url, named, self.refused())

    @once
    def refused(self) -> "RefusalCount":
        """The count of refused requests, one for all public endpoints of the process."""
        from lib.twilio.refusals import RefusalCount

        return RefusalCount()

    @once
    def stores(self) -> "Stores":
        """Where everything is kept, by noun."""
        return self.sqlite().stores if self.local else self.firestore().stores

    @once
    def firestore(self) -> "FirestoreStorage":
        """Where everything is kept on Google Cloud."""
        from lib.runtime.adapters import storage

        return storage.firestore(self.config, now)

    @once
    def sqlite(self) -> "SqliteStorage":
        """Where everything is kept in one file."""
        from lib.runtime.adapters import storage

        return storage.sqlite(self.config, self.database(), now)

    @once
    def database(self) -> "Database":
        """The one file of a standalone gateway."""
        from lib.runtime.adapters import storage

        return storage.database(self.config)

    @once
    def sender(self) -> "Sender":
        """The way out to WhatsApp, in pace."""
        from lib.runtime.adapters import twilio

        return twilio.paced(self.twilio(), self.config.twilio)

    @once
    def twilio(self) -> "TwilioSender":
        """The way out to WhatsApp."""
        from lib.runtime.adapters import twilio

        contents = self.menu_contents if self.config.twilio.menus else None
        return twilio.sender(self.config.twilio, contents)

    @once
    def menu_contents(self) -> "MenuContents":
        """What menus are made of."""
        from lib.runtime.adapters import twilio

        documents = self.sqlite().documents if self.local else self.firestore().documents
        return twilio.menu_contents(self.config.twilio, documents)

    @once
    def typing(self) -> "Typing":
        """What shows that an answer is being written."""
        from lib.runtime.adapters import twilio

        return twilio.typing(self.config.twilio)

    @once
    def assistants(self) -> "dict[str, AssistantClient]":
        """The clients of assistants, by protocol."""
        from lib.runtime.adapters import assistants

        vac = assistants.vac(self.config, self.media_store)
        return {"vac": vac, "openai": assistants.openai(self.config)}

    def read_media(self, message: "InboundMessage", stop: "Stop", hearing: "Hearing") -> "Reading":
        """Read the media of a message; loaded with the first one."""
        return self.media_reader().read(message, stop, hearing)

    @once
    def media_reader(self) -> "MediaReader":
        """What reads people's pictures, documents and contact cards, and hears their recordings."""
        from lib.runtime.adapters import media, voice

        return media.reader(self.config, voice.transcriber(self.config, local=self.local))

    @once
    def kept_media(self) -> "KeptMedia":
        """Media that are kept for others to fetch, and by Twilio until they are deleted."""
        from lib.runtime.adapters.kept import KeptMedia

        return KeptMedia(self.config, now, local=self.local)

    def media_store(self) -> "MediaStore | None":
        """Where media are kept that others fetch; None where nobody could."""
        return self.kept_media().store

    def delete_medium(self, url: str, seconds: float) -> None:
        """Delete a medium at Twilio; loaded with the first one."""
        self.kept_media().fetcher.delete(url, seconds)

    @once
    def media_out(self) -> "MediaOut":
        """What answers may have beside text."""
        from lib.runtime.adapters.media_out import MediaOut

        return MediaOut(self.config, self.media_store, local=self.local)

    def prepare_medium(self, turn: "Turn", chunk: "Chunk") -> "OutboundMedia | None":
        """Make a medium of an answer; loaded with the first one."""
        return self.media_out().prepare(turn, chunk)
