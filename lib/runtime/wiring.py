"""The one place that chooses adapters, each built at its first use.

Nothing here is imported or built before it is needed: the webhook never loads Firestore or
Twilio's REST client, and no client exists before the server has forked its workers.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from lib.runtime import config as configuration
from lib.runtime import garbage, log
from lib.runtime.config import AssistantConfig, Config
from lib.runtime.health import health as health_document

if TYPE_CHECKING:
    from lib.assistant.endpoint import Endpoint
    from lib.conversation.responder import Deliver, Responder
    from lib.conversation.unfinished import Overseer
    from lib.inbound.receive import Receiver
    from lib.inbound.signature import Verifier
    from lib.inbound.tally import Tally
    from lib.outbound.status import Recorder
    from lib.outbound.twilio import TwilioSender
    from lib.ports import AssistantClient, Publisher, Sender, Store, Typing
    from lib.queue.local import LocalQueue
    from lib.storage.database import Database
    from lib.storage.firestore import FirestoreStore
    from lib.storage.sqlite import SqliteStore

MOST_DELIVERIES = 3000
"""Of one message by the local queue, a minute apart at most: a day and more.

The responder itself gives up after a day; this is for what never gets that far.
"""

T = TypeVar("T")


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
    """The parts of one process. ``local`` means one process on SQLite, else Google Cloud.

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
        from lib.inbound.receive import Guests, Receiver

        verifier = self.verifier(self.config.twilio.webhook_url)
        limits = self.config.limits
        guests = Guests(limits.allowed, limits.blocked)
        return Receiver(verifier, self.publisher(), now, guests)

    @_once
    def recorder(self) -> "Recorder":
        """What the status callback needs."""
        from lib.outbound.status import Recorder

        verifier = self.verifier(self.config.twilio.status_callback_url)
        return Recorder(verifier, self.store(), self.publisher())

    @_once
    def overseer(self) -> "Overseer":
        """What the tick needs."""
        from lib.conversation.unfinished import Overseer

        return Overseer(self.store(), self.publisher(), now)

    @_once
    def responder(self) -> "Responder":
        """What answering needs."""
        from lib.conversation.lease import Keeper
        from lib.conversation.limits import Limits
        from lib.conversation.responder import Responder

        missing = [*configuration.missing_twilio(self.config), *self._missing_project()]
        if not self.config.assistant.url:
            missing.append("ASSISTANT_API_URL")
        configuration.require(missing)
        limits, lease = self.config.limits, self.lease()
        if not self.local:
            self._load_ahead()
        return Responder(
            store=self.store(),
            clients={"vac": self.vac(), "openai": self.openai()},
            deliver=self.deliver(),
            knock=self.knock(),
            clock=now,
            keeper=Keeper(self.store(), now, lease),
            default_assistant_id=self.config.assistant.default_id,
            typing=self.typing(),
            limits=Limits(
                limits.messages_per_minute,
                limits.questions_per_contact,
                limits.questions_per_day,
            ),
            lease=lease,
        )

    def verifier(self, public_url: str) -> "Verifier":
        """Return the lock of a public endpoint, open only where nobody else can reach it."""
        from lib.inbound.signature import Verifier

        twilio = self.config.twilio
        if twilio.validate_signature:
            missing = [] if twilio.account_sid else ["TWILIO_ACCOUNT_SID"]
            if not (twilio.auth_token or twilio.shared_key):
                missing.append("TWILIO_AUTH_TOKEN")
            configuration.require([*missing, *self._missing_project()])
        else:
            configuration.require_loopback(self.config)
        return Verifier(
            # The built-in simulator's account is nobody's: without one, none is the wrong one.
            account_sid=self.declared.twilio.account_sid,
            auth_tokens=tuple(filter(None, (twilio.auth_token, twilio.auth_token_secondary))),
            shared_key=twilio.shared_key,
            public_url=public_url,
            service=self.config.service,
            enabled=twilio.validate_signature,
            refused=self.refused(),
        )

    @_once
    def refused(self) -> "Tally":
        """The count of refused requests, one for all public endpoints of the process."""
        from lib.inbound.tally import Tally

        return Tally()

    @_once
    def publisher(self) -> "Publisher":
        """The queue's near end."""
        if self.local:
            return self.local_queue()
        from lib.queue import tokens
        from lib.queue.pubsub import PubSubPublisher

        google = self.config.google
        configuration.require(self._missing_project())
        if google.pubsub_emulator:
            url = f"http://{google.pubsub_emulator}"
            return PubSubPublisher(google.project, google.topic, url)
        on_google_cloud = bool(self.config.service)
        return PubSubPublisher(
            google.project,
            google.topic,
            f"https://{google.pubsub_endpoint}",
            tokens=tokens.of_metadata_server(google.metadata_host)
            if on_google_cloud
            else tokens.of_this_machine(),
        )

    @_once
    def store(self) -> "Store":
        """Where everything is kept."""
        if self.local:
            return self.local_store()
        return self.firestore()

    @_once
    def firestore(self) -> "FirestoreStore":
        """Where everything is kept on Google Cloud."""
        from lib.storage.firestore import FirestoreStore

        configuration.require(self._missing_project())
        return FirestoreStore(self.config.google.project, now)

    @_once
    def database(self) -> "Database":
        """The one file of a standalone gateway."""
        from lib.queue import rows
        from lib.storage import table
        from lib.storage.database import Database

        return Database(self.config.data_dir / "gateway.db", table.create, rows.create)

    @_once
    def local_queue(self) -> "LocalQueue":
        """The queue of a standalone gateway, both ends."""
        from lib.queue.local import LocalQueue
        from lib.queue.redelivery import LastResort

        last_resort = LastResort(MOST_DELIVERIES, self.give_up)
        return LocalQueue(self.database(), now, last_resort=last_resort)

    def give_up(self, body: bytes, reason: str) -> None:
        """Settle what a queue gave up."""
        from lib.conversation import undeliverable

        undeliverable.give_up(body, f"undeliverable: {reason}", self.responder())

    @_once
    def local_store(self) -> "SqliteStore":
        """The store of a standalone gateway."""
        from lib.model import Catalogue
        from lib.storage import catalogue
        from lib.storage.sqlite import SqliteStore

        file = self.config.assistant.file
        named = file != AssistantConfig().file
        known = catalogue.load(file) if named or file.exists() else Catalogue()
        return SqliteStore(self.database(), known, now)

    @_once
    def sender(self) -> "Sender":
        """The way out to WhatsApp, in pace."""
        from lib.outbound.pace import Pace
        from lib.outbound.patient import PatientSender

        twilio = self.config.twilio
        pace = Pace(twilio.per_second, twilio.recipient_seconds, twilio.recipient_burst)
        return PatientSender(self.twilio(), pace)

    @_once
    def twilio(self) -> "TwilioSender":
        """The way out to WhatsApp."""
        from lib.outbound.twilio import TwilioSender

        twilio = self.config.twilio
        return TwilioSender(
            twilio.account_sid,
            twilio.auth_token,
            twilio.whatsapp_number,
            api_key_sid=twilio.api_key_sid,
            api_key_secret=twilio.api_key_secret,
            base_url=twilio.api_base_url,
            status_callback=twilio.status_callback_url,
            knock_content=twilio.knock_content,
        )

    @_once
    def typing(self) -> "Typing":
        """What shows that an answer is being written."""
        twilio = self.config.twilio
        if not twilio.typing_indicator:
            from lib.ports import no_typing

            return no_typing
        from lib.outbound.typing import TwilioTyping

        return TwilioTyping(
            twilio.api_key_sid or twilio.account_sid,
            twilio.api_key_secret if twilio.api_key_sid else twilio.auth_token,
            twilio.api_base_url,
        )

    @_once
    def deliver(self) -> "Deliver":
        """The sending use case with its adapters."""
        from lib.outbound.deliver import Dispatch, deliver

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

    def lease(self) -> timedelta:
        """How long a worker that fell silent keeps its turn."""
        return timedelta(seconds=self.config.turn.lease)

    @_once
    def knock(self) -> "Callable[[str], None]":
        """What asks a person to write."""
        from lib.outbound.knock import knock

        return partial(knock, sender=self.sender())

    @_once
    def vac(self) -> "AssistantClient":
        """Assistants that speak the assistant API."""
        from lib.assistant.vac import VacAssistant

        settings = self.config.assistant
        return VacAssistant(
            self.endpoint(),
            path=settings.path,
            timeout=settings.timeout,
            secret=self.config.secret,
        )

    @_once
    def openai(self) -> "AssistantClient":
        """Assistants that speak OpenAI's chat completions."""
        from lib.assistant.openai import OpenAIAssistant

        timeout = self.config.assistant.timeout
        return OpenAIAssistant(self.endpoint(), timeout=timeout, secret=self.config.secret)

    def _load_ahead(self) -> None:
        """Load Twilio's SDK while the first answers are awaited; see decision 0034.

        Firestore's client comes first: a turn begins with it, and one thread computes at a time.
        """
        self.firestore().load()
        threading.Thread(target=self.twilio().load, name="load-ahead", daemon=True).start()

    def endpoint(self) -> "Endpoint":
        """Return where assistants are that name no place of their own."""
        from lib.assistant.endpoint import Endpoint

        settings = self.config.assistant
        return Endpoint(settings.url, settings.auth, settings.api_key)

    def _missing_project(self) -> list[str]:
        return [] if self.local or self.config.google.project else ["GOOGLE_CLOUD_PROJECT"]


_gateway: Gateway | None = None
_gateway_lock = threading.Lock()


def install(gateway: Gateway) -> None:
    """Make this the process's gateway, and its configuration that of the logs."""
    global _gateway  # noqa: PLW0603 - a process has exactly one gateway
    log.configure(gateway.config)
    _gateway = gateway


def forget() -> None:
    """Let the next call make a new gateway, from the environment as it is then."""
    global _gateway  # noqa: PLW0603 - as above
    _gateway = None


def gateway() -> Gateway:
    """Return the process's gateway, made from the environment if none was installed.

    Raises:
        ConfigurationError: a setting is wrong; every one of them is named.
    """
    with _gateway_lock:
        if _gateway is None:
            # Whatever is wrong with the settings must be told in the form of every other line.
            log.configure(Config())
            install(Gateway(configuration.load(configuration.environment())))
            garbage.search_seldom()
        assert _gateway is not None  # noqa: S101 - install just set it
        return _gateway


def receiver() -> "Receiver":
    """What the webhook needs."""
    return gateway().receiver()


def status_recorder() -> "Recorder":
    """What the status callback needs."""
    return gateway().recorder()


def responder() -> "Responder":
    """What answering needs."""
    return gateway().responder()


def overseer() -> "Overseer":
    """What the tick needs."""
    return gateway().overseer()


def give_up(body: bytes, reason: str) -> None:
    """Settle a push that a queue gave up."""
    gateway().give_up(body, reason)


def health() -> dict[str, object]:
    """What the health check answers."""
    current = gateway()
    document = health_document(current.declared)
    # On Google Cloud each function counts for itself: there, the logs are counted.
    return {**document, "refused_requests": current.refused().all()} if current.local else document
