"""The parts of one process, each built, and what it stands on imported, at its first use.

So no client exists before the server has forked its workers.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from lib.settings import config as configuration
from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.inbound.receive import Receiver
    from lib.inbound.record import Recorder
    from lib.model import Assistant
    from lib.ports.assistant import AssistantClient
    from lib.ports.publisher import Publisher
    from lib.ports.sender import Sender
    from lib.ports.store import Store
    from lib.ports.typing import Typing
    from lib.queue.local import LocalQueue
    from lib.storage.firestore.store import FirestoreStore
    from lib.storage.sqlite.database import Database
    from lib.storage.sqlite.store import SqliteStore
    from lib.turn.overdue import Requeuer
    from lib.turn.responder import Deliver, Responder
    from lib.twilio.refusals import RefusalCount
    from lib.twilio.sender import TwilioSender
    from lib.twilio.signature import Verifier

T = TypeVar("T")

# The stores before and after, and the work on a reply, on a machine with far too much to do.
_AROUND_AN_ANSWER = timedelta(seconds=60)


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def _once(build: Callable[["Gateway"], T]) -> Callable[["Gateway"], T]:
    """Make a method build its value at the first call and return it ever after."""

    @wraps(build)
    def built(self: "Gateway") -> T:
        with self.lock:
            if build.__name__ not in self.parts:
                self.parts[build.__name__] = build(self)
            part: T = self.parts[build.__name__]
            return part

    return built


class Gateway:
    """What the use cases need. ``local`` means one process on SQLite, else Google Cloud.

    ``declared`` is what the environment said before stand-ins were filled in: what the health
    check tells.
    """

    def __init__(
        self, config: Config, *, local: bool = False, declared: Config | None = None
    ) -> None:
        self.config = config
        self.local = local
        self.declared = declared or config
        self.lock = threading.RLock()
        self.parts: dict[str, Any] = {}

    @_once
    def receiver(self) -> "Receiver":
        """What the webhook needs."""
        from lib.inbound.receive import AccessList, Receiver

        verifier = self.verifier(self.config.twilio.webhook_url)
        limits = self.config.limits
        access = AccessList(limits.allowed, limits.blocked)
        return Receiver(verifier, self.publisher(), now, access)

    @_once
    def recorder(self) -> "Recorder":
        """What the status callback needs."""
        from lib.inbound.record import Recorder

        verifier = self.verifier(self.config.twilio.status_callback_url)
        return Recorder(verifier, self.store(), self.publisher())

    @_once
    def requeuer(self) -> "Requeuer":
        """What the tick needs."""
        from lib.turn.overdue import Requeuer

        return Requeuer(self.store(), self.publisher(), now)

    @_once
    def responder(self) -> "Responder":
        """What answering needs."""
        from lib.conversation.limits import Limits
        from lib.turn.lease import LeaseKeeper
        from lib.turn.parked import reopen_window
        from lib.turn.responder import Responder

        missing = [*configuration.missing_twilio(self.config), *self._missing_project()]
        if not self.config.assistant.url:
            missing.append("ASSISTANT_API_URL")
        configuration.require(missing)
        limits, lease = self.config.limits, self.lease()
        responder = Responder(
            store=self.store(),
            clients=self.assistants(),
            deliver=self.deliver(),
            reopen_window=partial(reopen_window, sender=self.sender()),
            clock=now,
            keeper=LeaseKeeper(self.store(), now, lease, self._longest_answer()),
            default_assistant=self.default_assistant(),
            typing=self.typing(),
            limits=Limits(
                limits.messages_per_minute,
                limits.questions_per_contact,
                limits.questions_per_day,
                limits.blocked,
            ),
            lease=lease,
        )
        if not self.local:
            self._load_ahead()
        return responder

    def give_up(self, body: bytes, reason: str) -> None:
        """Settle what a queue gave up."""
        from lib.turn import dead_letter as undeliverable

        undeliverable.give_up(body, f"undeliverable: {reason}", self.responder())

    def verifier(self, public_url: str) -> "Verifier":
        """Return the lock of a public endpoint, open only where nobody else can reach it."""
        from lib.runtime.adapters import twilio

        if self.config.twilio.validate_signature:
            missing = twilio.missing_to_verify(self.config.twilio)
            configuration.require([*missing, *self._missing_project()])
        else:
            configuration.require_loopback(self.config)
        # The built-in simulator's account is nobody's: where it stands in, none is the wrong one.
        account_sid = self.config.twilio.account_sid
        named = account_sid if account_sid == self.declared.twilio.account_sid else ""
        return twilio.verifier(self.config, public_url, named, self.refused())

    @_once
    def refused(self) -> "RefusalCount":
        """The count of refused requests, one for all public endpoints of the process."""
        from lib.twilio.refusals import RefusalCount

        return RefusalCount()

    @_once
    def publisher(self) -> "Publisher":
        """The queue's near end."""
        from lib.runtime.adapters import queues

        if self.local:
            return self.local_queue()
        configuration.require(self._missing_project())
        return queues.pubsub(self.config)

    @_once
    def local_queue(self) -> "LocalQueue":
        """The queue of a standalone gateway, both ends."""
        from lib.runtime.adapters import queues

        return queues.local(self.database(), now, self.give_up)

    @_once
    def store(self) -> "Store":
        """Where everything is kept."""
        return self.local_store() if self.local else self.firestore()

    @_once
    def firestore(self) -> "FirestoreStore":
        """Where everything is kept on Google Cloud."""
        from lib.runtime.adapters import storage

        configuration.require(self._missing_project())
        return storage.firestore(self.config, now)

    @_once
    def local_store(self) -> "SqliteStore":
        """The store of a standalone gateway."""
        from lib.runtime.adapters import storage

        return storage.sqlite(self.config, self.database(), now)

    @_once
    def database(self) -> "Database":
        """The one file of a standalone gateway."""
        from lib.runtime.adapters import storage

        return storage.database(self.config)

    @_once
    def deliver(self) -> "Deliver":
        """The sending use case with its adapters."""
        from lib.turn.deliver import Dispatch, deliver

        times = self.config.turn
        dispatch = Dispatch(
            store=self.store(),
            sender=self.sender(),
            clock=now,
            lease=self.lease(),
            settling=timedelta(seconds=times.settling),
            chunk_wait=times.chunk_wait,
        )
        return partial(deliver, dispatch=dispatch)

    def _longest_answer(self) -> timedelta:
        """How long an answer may take: the assistant's time, and some for all around it."""
        return timedelta(seconds=self.config.assistant.timeout) + _AROUND_AN_ANSWER

    def lease(self) -> timedelta:
        """How long a worker that fell silent keeps its turn."""
        return timedelta(seconds=self.config.turn.lease)

    @_once
    def sender(self) -> "Sender":
        """The way out to WhatsApp, in pace."""
        from lib.runtime.adapters import twilio

        return twilio.paced(self.twilio(), self.config.twilio)

    @_once
    def twilio(self) -> "TwilioSender":
        """The way out to WhatsApp."""
        from lib.runtime.adapters import twilio

        return twilio.sender(self.config.twilio)

    @_once
    def typing(self) -> "Typing":
        """What shows that an answer is being written."""
        from lib.runtime.adapters import twilio

        return twilio.typing(self.config.twilio)

    @_once
    def assistants(self) -> "dict[str, AssistantClient]":
        """The clients of assistants, by protocol."""
        from lib.runtime.adapters import assistants

        return {"vac": assistants.vac(self.config), "openai": assistants.openai(self.config)}

    def default_assistant(self) -> "Assistant":
        """The assistant that needs no catalogue."""
        from lib.runtime.adapters import assistants

        return assistants.undescribed(self.config)

    def load_first_answer(self) -> None:
        """Load what a first answer takes, before anything can be missing for it.

        Python remembers of some things that they failed to load, and tries them never again.
        """
        from lib.web.client import load_ahead

        load_ahead()
        self.twilio().load()

    def _load_ahead(self) -> None:
        """Load Twilio's SDK while the first answers are awaited; see decision 0034.

        Everything else comes first, Firestore's client above all, which a turn begins with: one
        thread computes at a time.
        """
        from lib.errors import ShortageError
        from lib.shortage import start_thread

        self.firestore().load()
        # Who sends first loads it, if there is no thread to do so meanwhile.
        with suppress(ShortageError):
            start_thread(self.twilio().load, "load-ahead")

    def _missing_project(self) -> list[str]:
        return [] if self.local or self.config.google.project else ["GOOGLE_CLOUD_PROJECT"]
