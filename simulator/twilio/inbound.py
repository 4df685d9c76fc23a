"""People writing to the business: messages that come in, and the webhook that is told.

Source: twilio.com/docs/messaging/guides/webhook-request, and requests seen in the wild.
"""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

from simulator.twilio.account import Account, told
from simulator.twilio.bus import Step
from simulator.twilio.caller import Exchange
from simulator.twilio.contacts import Contact
from simulator.twilio.media import Medium
from simulator.twilio.messages import API_VERSION, INBOUND, Choice, Message, Place

_KINDS = {"image": "image", "audio": "audio", "video": "video"}


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody sends. ``reply_to`` is the SID of a message that is quoted."""

    text: str = ""
    media: tuple[Medium, ...] = ()
    place: Place | None = None
    choice: Choice | None = None
    reply_to: str = ""


@dataclass(slots=True)
class Phones:
    """The phones of everybody: what they send reaches the webhook at ``webhook_url``.

    ``media_url`` is the base of the URLs under which media are fetched.
    """

    account: Account
    business: str
    webhook_url: str
    media_url: str
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(8, thread_name_prefix="phone")
    )

    def send(self, address: str, written: Written, times: int = 1) -> Message:
        """Take a message and tell the webhook in a thread of its own, ``times`` times."""
        contact = self.account.contacts.write(address)
        message = self._add(contact, written)
        if not contact.joined:
            self._enter_sandbox(contact, message)
            return message
        form = parameters(message, contact, self._media(message), self._quoted(message))
        for _ in range(times):
            self._pool.submit(self._tell, message, form)
        return message

    def close(self) -> None:
        """Return when what is under way has ended."""
        self._pool.shutdown(cancel_futures=True)

    def _add(self, contact: Contact, written: Written) -> Message:
        kept = tuple(self.account.media.add(medium).sid for medium in written.media)
        return self.account.messages.add(
            self.account.sid,
            f"whatsapp:{self.business}",
            f"whatsapp:{contact.address}",
            written.text,
            direction=INBOUND,
            status="received",
            receipt="sending",
            media=kept,
            place=written.place,
            choice=written.choice,
            reply_to=written.reply_to,
        )

    def _enter_sandbox(self, contact: Contact, message: Message) -> None:
        words = message.body.casefold().split()
        joins = len(words) == 2 and words[0] == "join"  # noqa: PLR2004 - "join" and the sandbox's words
        if joins:
            self.account.contacts.change(contact.address, joined=True)
        self.account.messages.change(message.sid, receipt="read")
        said = (
            "You are all set: you joined the sandbox."
            if joins
            else ("You are not connected to a sandbox. Write: join calm-river")
        )
        answer = self.account.messages.add(self.account.sid, message.sender, message.to, said)
        self.account.messages.advance(answer.sid, "delivered")

    def _tell(self, message: Message, form: Mapping[str, str]) -> None:
        self.account.messages.change(message.sid, receipt="sent")
        exchanges = self.account.caller.call(self.webhook_url, form)
        for number, exchange in enumerate(exchanges, 1):
            self.account.bus.tell(_step(message, exchange, number))
        now = self.account.messages.get(message.sid)
        taken = bool(exchanges) and exchanges[-1].ok
        if now is not None and now.receipt != "read":
            receipt = "delivered" if taken else "failed"
            self.account.messages.change(message.sid, receipt=receipt)
        if taken and exchanges[-1].content_type == "text/plain" and exchanges[-1].body:
            # Twilio sends a plain answer of the webhook to the person.
            text = exchanges[-1].body.decode("utf-8", "replace")
            self.account.send(message.sender, message.to, text, None)

    def _media(self, message: Message) -> list[tuple[str, Medium]]:
        base = f"{self.media_url}{message.uri}/Media"
        found = [one for sid in message.media if (one := self.account.media.get(sid))]
        return [(f"{base}/{one.sid}", one) for one in found]

    def _quoted(self, message: Message) -> Message | None:
        return self.account.messages.get(message.reply_to) if message.reply_to else None


def parameters(
    message: Message,
    contact: Contact,
    media: list[tuple[str, Medium]],
    quoted: Message | None = None,
) -> dict[str, str]:
    """Return the form that the webhook gets."""
    form = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "Body": message.body,
        "From": message.sender,
        "MessageSid": message.sid,
        "MessageType": _kind(message, media),
        "NumMedia": str(len(media)),
        "NumSegments": "1",
        "ProfileName": contact.name,
        "ReferralNumMedia": "0",
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.to,
    }
    if contact.user_id:
        form["ExternalUserId"] = f"whatsapp:{contact.user_id}"
    if contact.address.startswith("+"):
        form["WaId"] = contact.address.removeprefix("+")
    for index, (url, medium) in enumerate(media):
        form[f"MediaUrl{index}"] = url
        form[f"MediaContentType{index}"] = medium.content_type
    form |= _place(message.place) | _choice(message.choice)
    context = {}
    if quoted is not None:
        form["OriginalRepliedMessageSid"] = quoted.sid
        form["OriginalRepliedMessageSender"] = quoted.sender
        context = {"context": {"id": quoted.sid}}
    form["ChannelMetadata"] = json.dumps({"type": "whatsapp", "data": context})
    return form


def _kind(message: Message, media: list[tuple[str, Medium]]) -> str:
    if message.choice is not None:
        return "interactive" if message.choice.kind == "list" else "button"
    if message.place is not None:
        return "location"
    if not media:
        return "text"
    content_type = media[0][1].content_type
    if content_type == "text/vcard":
        return "contacts"
    if content_type == "image/webp":
        return "sticker"
    return _KINDS.get(content_type.partition("/")[0], "document")


def _place(place: Place | None) -> dict[str, str]:
    if place is None:
        return {}
    form = {"Latitude": str(place.latitude), "Longitude": str(place.longitude)}
    optional = {"Label": place.label, "Address": place.address}
    return form | {name: value for name, value in optional.items() if value}


def _choice(choice: Choice | None) -> dict[str, str]:
    if choice is None:
        return {}
    if choice.kind == "list":
        return {"ListId": choice.id, "ListTitle": choice.title}
    return {"ButtonPayload": choice.id, "ButtonText": choice.title}


def _step(message: Message, exchange: Exchange, number: int) -> Step:
    return Step(
        message_sid=message.sid,
        actor="webhook",
        title="The webhook took the message" if exchange.ok else "The webhook did not take it",
        at=datetime.now(UTC),
        detail=told(exchange, number),
        milliseconds=exchange.milliseconds,
        ok=exchange.ok,
    )
