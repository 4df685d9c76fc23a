"""The adapters that a configuration asks for, a module for each thing outside.

What an adapter stands on is imported when it is built, at its first use: the webhook never loads
Firestore or Twilio's REST client, and no client exists before the server has forked its workers.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from lib import loopback
from lib.settings import roles
from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.media.reader import MediaReader
    from lib.model import Assistant, Chunk, Enclosing, InboundMessage, OutboundMedia, Reading, Turn
    from lib.ports.assistant import AssistantClient
    from lib.ports.media_store import MediaStore
    from lib.ports.sender import Sender
    from lib.ports.typing import Typing
    from lib.stopping import Stop
    from lib.storage.firestore.storage import FirestoreStorage
    from lib.storage.sqlite.database import Database
    from lib.storage.sqlite.storage import SqliteStorage
    from lib.storage.stores import Stores
    from lib.twilio.menu_contents import MenuContents
    from lib.twilio.refusals import RefusalCount
    from lib.twilio.sender import TwilioSender
    from lib.twilio.signature import Verifier

Owner = TypeVar("Owner", bound="Adapters")
Part = TypeVar("Part")


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def once(build: Callable[[Owner], Part]) -> Callable[[Owner], Part]:
    """Make a method build its value at the first call and return it ever after."""

    @wraps(build)
    def built(self: Owner) -> Part:
        with self.lock:
            if build.__name__ not in self.parts:
                self.parts[build.__name__] = build(self)
            part: Part = self.parts[build.__name__]
            return part

    return built


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

        return {"vac": assistants.vac(self.config), "openai": assistants.openai(self.config)}

    def read_media(self, message: "InboundMessage", stop: "Stop") -> "Reading":
        """Read the media of a message; loaded with the first one."""
        return self.media_reader().read(message, stop)

    @once
    def media_reader(self) -> "MediaReader":
        """What reads people's pictures, documents and contact cards."""
        from lib.runtime.adapters import media

        return media.reader(self.config)

    @once
    def media_store(self) -> "MediaStore | None":
        """Where media are kept that others fetch; None where nobody could."""
        return None

    def enclosing(self) -> "Enclosing | None":
        """What of an answer may leave as a medium."""
        from lib.model import Enclosing

        if not self.config.media.out:
            return None
        # Nobody but the stand-in for Twilio, on this machine, gets what this machine serves.
        here = loopback.is_loopback(self.config.twilio.api_base_url)
        return Enclosing(here, contacts=self.media_store() is not None)

    def prepare(self, turn: "Turn", chunk: "Chunk") -> "OutboundMedia | None":
        """Make a medium of an answer when it is sent; loaded with the first one."""
        from lib.runtime.adapters import media_out

        return media_out.made(turn, chunk, self.media_store())

    def default_assistant(self) -> "Assistant":
        """The assistant that needs no catalogue."""
        from lib.runtime.adapters import assistants

        return assistants.undescribed(self.config)
