"""Twilio's webhook parameters as messages and delivery reports.

Source: Twilio's "Messaging webhook request" and "Track outbound message status". Parameters
are added without notice, so everything unknown is ignored.
"""

import re
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from lib.address import is_whatsapp, parse_address
from lib.errors import AddressError, PayloadError
from lib.model import DeliveryReport, DeliveryState, InboundMessage
from lib.model.message import OPT_OUTS
from lib.twilio.contents import choice_of, kind_of, location_of, media_of, referral_of
from lib.twilio.parameters import SIDS
from lib.twilio.request import Form

if TYPE_CHECKING:
    from lib.twilio.form_answers import Answers

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_NAME = 100
# Marks that change the direction of the text around a name.
_BIDI = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
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


def passed_over(form: Form) -> str:
    """Say why a form is no message to be answered; nothing if it is one."""
    if is_status_callback(form):
        return "status callback"
    sender = form.get("From")
    if sender and not is_whatsapp(sender):
        return "another channel"
    return "reaction" if form.get("MessageType").strip().lower() == "reaction" else ""


def to_message(form: Form, received_at: datetime, *, number_it: bool = False) -> InboundMessage:
    """Return the message in a form.

    ``number_it`` gives a message without an id one of its own: for requests typed by hand, whose
    ``OptOutType`` (Twilio, "Advanced Opt-Out") proves nothing.

    Raises:
        PayloadError: there is no sender or no usable message id.
    """
    media = media_of(form)
    location = location_of(form)
    choice = choice_of(form)
    answers = _answers(form)
    referral = referral_of(form)
    return InboundMessage(
        id=_sid(form, number_it=number_it),
        address=_sender(form),
        received_at=received_at,
        kind=kind_of(form, media, location, answers, choice, referral),
        text=form.get("Body"),
        user_id=_user_id(form),
        profile_name=_name(form),
        media=media,
        location=location,
        choice=choice,
        reply_to=form.get("OriginalRepliedMessageSid")[:64],
        forwarded="true" in {form.get("Forwarded"), form.get("FrequentlyForwarded")},
        form=answers,
        referral=referral,
        opt_out="" if number_it else OPT_OUTS.get(form.get("OptOutType").strip().lower(), ""),
    )


def to_report(form: Form) -> DeliveryReport | None:
    """Return the report in a status callback; None if its status is not one we know.

    Raises:
        PayloadError: it names no message.
    """
    status = form.get("MessageStatus") or form.get("SmsStatus")
    state = _DELIVERY_STATES.get(status.strip().lower())
    sid = _sid(form)
    if state is None:
        return None
    return DeliveryReport(sid, state, form.get("ErrorCode")[:16], address=_recipient(form))


def _sid(form: Form, *, number_it: bool = False) -> str:
    sid = next(filter(None, map(form.get, SIDS)), "")
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


def _answers(form: Form) -> "Answers":
    raw = form.get("InteractiveData")
    if not raw:
        return ()
    # Here, so that a webhook starts without it: forms are rare.
    from lib.twilio.form_answers import form_answers  # noqa: PLC0415

    return form_answers(raw)


def _name(form: Form) -> str:
    return " ".join(_BIDI.sub("", form.get("ProfileName")).split())[:_LONGEST_NAME]
