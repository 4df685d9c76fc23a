"""The messages that the stand-in for Twilio has taken, in memory."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

API_VERSION = "2010-04-01"
INBOUND, OUTBOUND = "inbound", "outbound-api"


@dataclass(frozen=True, slots=True)
class Place:
    """A location that is shared; coordinates in degrees."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of an earlier message was tapped: a ``button`` or a row of a ``list``."""

    kind: str
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``to`` and ``sender`` are channel addresses, ``whatsapp:`` included.

    ``media`` are the SIDs of what is kept, ``media_urls`` what the sender named. ``menu`` is
    the content type behind a ContentSid, for the phone to show. ``receipt`` is what the
    person's phone shows beside an inbound message: ``sending``, ``sent`` (Twilio has it),
    ``delivered`` (the webhook took it), ``read`` or ``failed``.
    """

    sid: str
    account_sid: str
    to: str
    sender: str
    body: str
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    status: str = "queued"
    direction: str = OUTBOUND
    media_urls: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    status_callback: str = ""
    error_code: int | None = None
    content_sid: str = ""
    menu: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None
    choice: Choice | None = None
    reply_to: str = ""
    receipt: str = ""
    number: int = 0

    @property
    def uri(self) -> str:
        """The path of the message without its ending."""
        return f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"

    @property
    def person(self) -> str:
        """The address of the person at the phone, without ``whatsapp:``."""
        channel = self.sender if self.direction == INBOUND else self.to
        return channel.removeprefix("whatsapp:")

    def resource(self) -> dict[str, Any]:
        """The message as Twilio's JSON (OpenAPI document, ``api.v2010.account.message``)."""
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created_at),
            "date_sent": format_datetime(self.sent_at) if self.sent_at else None,
            "date_updated": format_datetime(self.updated_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": str(len(self.media or self.media_urls)),
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{self.uri}/Media.json"},
            "to": self.to,
            "uri": f"{self.uri}.json",
        }


class Messages:
    """All messages in the order of their arrival, for any number of threads."""

    def __init__(self, tell: Callable[[Message], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._by_sid: dict[str, Message] = {}
        self._count = 0

    def add(
        self, account_sid: str, to: str, sender: str, body: str, *, sid: str = "", **more: Any
    ) -> Message:
        """Take a message under a new SID; ``more`` are further fields of ``Message``."""
        now = datetime.now(UTC)
        with_media = more.get("media_urls") or more.get("media")
        with self._lock:
            self._count += 1
            message = Message(
                sid=sid or f"{'MM' if with_media else 'SM'}{uuid4().hex}",
                account_sid=account_sid,
                to=to,
                sender=sender,
                body=body,
                created_at=now,
                updated_at=now,
                number=self._count,
                **more,
            )
            self._by_sid[message.sid] = message
        self._tell(message)
        return message

    def get(self, sid: str) -> Message | None:
        """Return one message."""
        with self._lock:
            return self._by_sid.get(sid)

    def all(self) -> list[Message]:
        """Return every message, the oldest first."""
        with self._lock:
            return list(self._by_sid.values())

    def change(self, sid: str, **changes: Any) -> Message | None:
        """Set fields of a message; None if it is gone meanwhile."""
        with self._lock:
            message = self._by_sid.get(sid)
            if message is None:
                return None
            changed = replace(message, updated_at=datetime.now(UTC), **changes)
            self._by_sid[sid] = changed
        self._tell(changed)
        return changed

    def advance(self, sid: str, status: str, error_code: int | None = None) -> Message | None:
        """Give an outbound message its next status; None if it is gone meanwhile."""
        known = self.get(sid)
        sent_at = (known and known.sent_at) or datetime.now(UTC)
        return self.change(sid, status=status, error_code=error_code, sent_at=sent_at)

    def remove(self, sid: str) -> None:
        """Forget one message."""
        with self._lock:
            self._by_sid.pop(sid, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._by_sid.clear()
