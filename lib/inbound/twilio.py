"""Twilio's webhook parameters as messages and delivery reports.

Source: Twilio's "Messaging webhook request" and "Track outbound message status". Parameters
are added without notice, so everything unknown is ignored.
"""

import re
from datetime import datetime
from uuid import uuid4

from lib.address import parse_address
from lib.errors import AddressError, PayloadError
from lib.inbound.form import Form
from lib.model import (
    Choice,
    DeliveryReport,
    DeliveryState,
    InboundMessage,
    Location,
    Media,
    MessageKind,
)

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VCARD = frozenset({"text/vcard", "text/x-vcard"})
# A message has ten media at most.
_MEDIA = tuple((f"MediaUrl{number}", f"MediaContentType{number}") for number in range(10))
_LONGEST_NAME = 100
_LONGEST_URL = 2048
# Marks that change the direction of the text around a name.
_BIDI = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_READABLE = frozenset(
    {"", "text", "image", "audio", "video", "document", "sticker", "location", "contacts"}
    | {"interactive", "button", "reaction"}
)
_DELIVERY_STATES = {
    "accepted": DeliveryState.QUEUED,
    "scheduled": DeliveryState.QUEUED,
    "queued": DeliveryState.QUEUED,
    "sending": DeliveryState.QUEUED,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "partially_delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
    "undelivered": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}


def is_status_callback(form: Form) -> bool:
    """Whether the form reports on an outbound message rather than being an inbound one."""
    return bool(form.get("MessageStatus")) or form.get("SmsStatus") not in {"", "received"}


def to_message(form: Form, received_at: datetime, *, number_it: bool = False) -> InboundMessage:
    """Return the message in a form.

    ``number_it`` gives a message without an id one of its own: for requests typed by hand.

    Raises:
        PayloadError: there is no sender or no usable message id.
    """
    media = _media(form)
    location = _location(form)
    choice = _choice(form)
    return InboundMessage(
        id=_sid(form, number_it=number_it),
        address=_sender(form),
        received_at=received_at,
        kind=_kind(form, media, location, choice),
        text=form.get("Body"),
        user_id=_user_id(form),
        profile_name=_name(form),
        media=media,
        location=location,
        choice=choice,
        reply_to=form.get("OriginalRepliedMessageSid")[:64],
        forwarded="true" in {form.get("Forwarded"), form.get("FrequentlyForwarded")},
    )


def to_report(form: Form) -> DeliveryReport | None:
    """Return the report in a status callback; None if its status is not one we know.

    Raises:
        PayloadError: it names no message.
    """
    state = _DELIVERY_STATES.get((form.get("MessageStatus") or form.get("SmsStatus")).lower())
    sid = _sid(form)
    if state is None:
        return None
    return DeliveryReport(sid, state, form.get("ErrorCode")[:16], address=_recipient(form))


def _sid(form: Form, *, number_it: bool = False) -> str:
    names = ("MessageSid", "SmsMessageSid", "SmsSid")
    sid = next(filter(None, map(form.get, names)), "")
    if not sid and number_it:
        return f"SM{uuid4().hex}"
    if not _SID.fullmatch(sid):
        raise PayloadError("no usable MessageSid")
    return sid


def _sender(form: Form) -> str:
    try:
        return parse_address(form.get("From"))
    except AddressError:
        raise PayloadError("no usable From") from None


def _recipient(form: Form) -> str:
    try:
        return parse_address(form.get("To"))
    except AddressError:
        return ""


def _user_id(form: Form) -> str:
    try:
        user_id = parse_address(form.get("ExternalUserId"))
    except AddressError:
        return ""
    return "" if user_id.startswith("+") else user_id


def _name(form: Form) -> str:
    return " ".join(_BIDI.sub("", form.get("ProfileName")).split())[:_LONGEST_NAME]


def _kind(
    form: Form, media: tuple[Media, ...], location: Location | None, choice: Choice | None
) -> MessageKind:
    message_type = form.get("MessageType").lower()
    if message_type not in _READABLE:
        return MessageKind.UNSUPPORTED
    if message_type == "contacts" or any(m.content_type in _VCARD for m in media):
        return MessageKind.SHARED_CONTACT if media else MessageKind.UNSUPPORTED
    facts = (
        (media, MessageKind.MEDIA),
        (location, MessageKind.LOCATION),
        (choice, MessageKind.CHOICE),
        (form.get("Body").strip(), MessageKind.TEXT),
    )
    return next((kind for fact, kind in facts if fact), MessageKind.UNSUPPORTED)


def _media(form: Form) -> tuple[Media, ...]:
    return tuple(
        Media(url[:_LONGEST_URL], form.get(kind)[:128].lower() or "application/octet-stream")
        for name, kind in _MEDIA
        if (url := form.get(name))
    )


def _location(form: Form) -> Location | None:
    try:
        latitude, longitude = float(form.get("Latitude")), float(form.get("Longitude"))
    except ValueError:
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees on a globe
        return None
    return Location(latitude, longitude, form.get("Address"), form.get("Label"))


def _choice(form: Form) -> Choice | None:
    title = form.get("ButtonText") or form.get("ListTitle") or form.get("Body")
    choice_id = form.get("ButtonPayload") or form.get("ListId")
    if not (choice_id or form.get("ButtonText")):
        return None
    return Choice(choice_id or title, title or choice_id)
