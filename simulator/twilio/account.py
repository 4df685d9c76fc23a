"""The one Twilio account that the stand-in knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.twilio.bus import Bus, Forgotten, Step
from simulator.twilio.caller import Caller, Exchange
from simulator.twilio.carrier import Carrier, Journey
from simulator.twilio.contacts import Contact, Contacts
from simulator.twilio.content import Contents
from simulator.twilio.errors import ERRORS, magic
from simulator.twilio.faults import Fault, FaultKind, Faults
from simulator.twilio.fetching import UndeliveredError, fetched, is_here
from simulator.twilio.limits import Meter
from simulator.twilio.media import MediaStore
from simulator.twilio.messages import Message, Messages
from simulator.twilio.signature import Signer


def _ignore(message: Message) -> None:
    del message


@dataclass(slots=True)
class Account:
    """Credentials, senders and everything that happened.

    ``senders`` are numbers such as ``+14155238886``. ``api_keys`` maps key SIDs to secrets.
    ``shared_key``, if given, signs webhooks by SHA-256. ``on_message`` is called with every
    message taken to be sent, in the thread of its request; ``webhooks`` are the URLs that senders
    were given through the API; ``bus`` tells everything.
    """

    sid: str
    auth_token: str = field(repr=False)
    senders: frozenset[str]
    api_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    shared_key: str = field(default="", repr=False)
    on_message: Callable[[Message], None] = _ignore
    webhooks: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False)
    bus: Bus = field(default_factory=Bus, init=False)
    faults: Faults = field(default_factory=Faults, init=False)
    media: MediaStore = field(default_factory=MediaStore, init=False)
    contents: Contents = field(default_factory=Contents, init=False)
    meter: Meter = field(default_factory=Meter, init=False)
    messages: Messages = field(init=False)
    contacts: Contacts = field(init=False)
    caller: Caller = field(init=False)
    carrier: Carrier = field(init=False)

    def __post_init__(self) -> None:
        self.messages = Messages(self.bus.tell)
        self.contacts = Contacts(self.bus.tell)
        self.caller = Caller(Signer(self.auth_token, self.shared_key))
        self.carrier = Carrier(self.messages, self.caller, self._load, self._reported)

    def send(self, to: str, sender: str, body: str, fault: Fault | None, **more: Any) -> Message:
        """Take a checked message and carry it, with the fate that ``fault`` gives it."""
        message = self.messages.add(self.sid, to, sender, body, **more)
        self.on_message(message)
        shuffled = fault is not None and fault.fault is FaultKind.SHUFFLE
        error = self._fate(message, fault)
        reports = fault.reports if fault is not None else ()
        self.carrier.take(message, Journey(error, shuffled, self.meter.wait(), reports))
        return message

    def reset(self) -> None:
        """Forget all messages, media, contacts and faults."""
        self.faults.clear()
        self.messages.clear()
        self.media.clear()
        self.contacts.clear()
        self.bus.tell(Forgotten())

    def close(self) -> None:
        """Let go of what is waiting; return when every status callback is sent."""
        self.faults.clear()
        self.carrier.close()

    def _load(self, message: Message) -> int | None:
        """Fetch what the message names; return the code of the error if that cannot be done.

        What is elsewhere is not fetched, since nothing leaves this machine: it counts as arrived.
        """
        urls = message.media_urls
        fault = self.faults.take("attachment", message.to) if urls else None
        if fault is not None:
            return fault.code
        try:
            media = [fetched(url) for url in urls if is_here(url)]
        except UndeliveredError as error:
            self._tell(message, "Attachment not taken", str(error), ok=False)
            return error.code
        if media:
            kept = tuple(self.media.add(medium).sid for medium in media)
            self.messages.change(message.sid, media=kept)
        if len(media) < len(urls):
            self._tell(message, "Attachment not fetched", "it would leave this machine")
        return None

    def _fate(self, message: Message, fault: Fault | None) -> int | None:
        """Return the code with which a message will fail on its way, if it will."""
        if fault is not None and fault.fault is FaultKind.STATUS:
            return fault.code
        always = magic(message.to)
        if always is not None:
            return always.code
        approved = self.contents.approved(message.content_sid)
        contact = self.contacts.get(message.to)
        return _contact_error(contact, approved=approved) or self.meter.pair_error(message.to)

    def _tell(self, message: Message, title: str, detail: str, *, ok: bool = True) -> None:
        now = datetime.now(UTC)
        self.bus.tell(Step(message.sid, "twilio", title, now, detail, ok=ok))

    def _reported(self, message: Message, status: str, exchanges: list[Exchange]) -> None:
        for number, exchange in enumerate(exchanges, 1):
            self.bus.tell(
                Step(
                    message_sid=message.sid,
                    actor="status",
                    title=f"Status callback: {status}",
                    at=datetime.now(UTC),
                    detail=told(exchange, number),
                    milliseconds=exchange.milliseconds,
                    ok=exchange.ok,
                )
            )


def told(exchange: Exchange, number: int) -> str:
    """Say how the gateway answered a request of Twilio's."""
    answer = f"HTTP {exchange.status}" if exchange.status else f"no answer ({exchange.reason})"
    return answer if number == 1 else f"try {number}: {answer}"


def _contact_error(contact: Contact, *, approved: bool) -> int | None:
    if not contact.joined:
        return ERRORS[63015].code
    if contact.blocked:
        return ERRORS[63014].code
    if not approved and not contact.window_open(datetime.now(UTC)):
        return ERRORS[63016].code
    return None
