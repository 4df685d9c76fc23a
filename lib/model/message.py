"""What people send: a message as it leaves the webhook, and as the queue hands it over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lib.model.report import DeliveryReport


@dataclass(frozen=True, slots=True)
class Media:
    """One attachment. The URL answers only to the account's own Twilio credentials."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Location:
    """A shared place, in decimal degrees; address and label may be empty."""

    latitude: float
    longitude: float
    address: str = ""
    label: str = ""

    @property
    def coordinates(self) -> str:
        """Latitude and longitude with a comma between, to a centimetre, and without exponents."""
        degrees = (f"{one:.7f}" for one in (self.latitude, self.longitude))
        return ",".join(one.rstrip("0").rstrip(".") for one in degrees)


@dataclass(frozen=True, slots=True)
class Choice:
    """A tapped button or list row: the id we gave it and the title the person saw."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Referral:
    """The advertisement that a person came from; any of it may be empty."""

    headline: str = ""
    text: str = ""
    url: str = ""


class MessageKind(StrEnum):
    """What a person sent. ``UNSUPPORTED`` is whatever the gateway cannot read yet.

    ``FORM`` is a form that was filled in, ``REFERRAL`` an advertisement without a word of their
    own.
    """

    TEXT = "text"
    MEDIA = "media"
    LOCATION = "location"
    SHARED_CONTACT = "shared_contact"
    CHOICE = "choice"
    FORM = "form"
    REFERRAL = "referral"
    UNSUPPORTED = "unsupported"


OPT_OUTS = {"stop": "stop", "start": "start", "help": "help"}
"""What a provider may take a message for, and answer itself."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of one person, as it leaves the webhook.

    ``id`` is the provider's message id, the key of everything done once.
    ``address`` is where the message came from and where the reply goes: ``+E164`` or a
    business-scoped id. ``user_id`` is the business-scoped id, when known, beside a visible
    phone number. ``reply_to`` is the id of the quoted message. ``form`` holds the names and
    values of a form that was filled in. ``opt_out`` is ``stop``, ``start`` or ``help`` where the
    provider took the message for that, and has answered it.
    """

    id: str
    address: str
    received_at: datetime
    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    user_id: str = ""
    profile_name: str = ""
    media: tuple[Media, ...] = ()
    location: Location | None = None
    choice: Choice | None = None
    reply_to: str = ""
    forwarded: bool = False
    form: tuple[tuple[str, str], ...] = ()
    referral: Referral | None = None
    opt_out: str = ""

    @property
    def trace_id(self) -> str:
        """The one id that logs, history and the assistant's request share."""
        return f"whatsapp-{self.id}"


QueueItem = InboundMessage | DeliveryReport
"""What is queued: a message of a person, or the report of a failed send."""


@dataclass(frozen=True, slots=True)
class QueueDelivery:
    """One attempt of the queue to hand over what was queued: a message, or a failed send.

    ``attempt`` is 0 where it is not told. ``payload`` is the data as it was queued. ``fast`` says
    that it came beside what waits for its address, and not behind it.
    """

    item: QueueItem
    attempt: int = 0
    payload: str = ""
    fast: bool = False
