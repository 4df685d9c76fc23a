"""Messages of many people, as the requests that bring them, signed before anything is timed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from lib.model import InboundMessage
from lib.queue.envelope import encode
from lib.queue.push import push_body
from tests.sample import FORM_TYPE, samples, sign

ACCOUNT_SID = "AC" + "1" * 32
NUMBER = "+14155238886"
TOKEN = "bench-token"  # noqa: S105 - opens nothing
_SAMPLE: Mapping[str, str] = samples("inbound")["text"]["form"]


@dataclass(frozen=True, slots=True)
class Message:
    """What one person writes. ``sid`` is Twilio's id of it."""

    sid: str
    contact: str
    text: str


def messages(count: int, contacts: int, label: int = 0) -> Iterator[Message]:
    """Give messages of so many people in turn, each person's numbered from 0 in their texts.

    Other ``label`` means other people and other ids.
    """
    for number in range(count):
        contact = f"+1{label + 500:03d}{number % contacts:07d}"
        sid = f"SM{label:08x}{number:024x}"
        yield Message(sid, contact, f"question {number // contacts}?")


def webhook_request(message: Message, url: str, signed_url: str = "") -> bytes:
    """Return the signed POST that Twilio would make of a message.

    ``signed_url`` is the URL Twilio was told, where it is another one.
    """
    sids = dict.fromkeys(("MessageSid", "SmsMessageSid", "SmsSid"), message.sid)
    form = {
        **_SAMPLE,
        **sids,
        "AccountSid": ACCOUNT_SID,
        "From": f"whatsapp:{message.contact}",
        "WaId": message.contact.removeprefix("+"),
        "Body": message.text,
    }
    signature = sign(TOKEN, signed_url or url, form)
    return posted(url, urlencode(form).encode(), {"X-Twilio-Signature": signature})


def push_request(message: Message, url: str) -> bytes:
    """Return the POST with which Pub/Sub would push a message."""
    now = datetime.now(UTC)
    inbound = InboundMessage(message.sid, message.contact, now, text=message.text)
    data, attributes = encode(inbound)
    body = push_body(
        data,
        attributes,
        ordering_key=message.contact,
        message_id=message.sid,
        publish_time=now,
        attempt=1,
        subscription="projects/bench/subscriptions/whatsapp-inbound",
    )
    return posted(url, body, {"Content-Type": "application/json"})


def posted(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a POST as it goes over the wire; the body is a form unless the headers say else."""
    where = urlsplit(url)
    lines = {
        "Host": where.netloc,
        "Content-Type": FORM_TYPE,
        "Content-Length": str(len(body)),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {where.path or '/'} HTTP/1.1\r\n{head}\r\n".encode() + body
