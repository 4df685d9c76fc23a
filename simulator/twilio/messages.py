"""The messages that the stand-in for Twilio has taken, in memory."""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

API_VERSION = "2010-04-01"


@dataclass(frozen=True, slots=True)
class Message:
    """One outbound message. ``to`` and ``sender`` are channel addresses, ``whatsapp:`` included."""

    sid: str
    account_sid: str
    to: str
    sender: str
    body: str
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    status: str = "queued"
    media_urls: tuple[str, ...] = ()
    status_callback: str = ""

    @property
    def uri(self) -> str:
        """The path of the message without its ending."""
        return f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"

    def resource(self) -> dict[str, Any]:
        """The message as Twilio's JSON (OpenAPI document, ``api.v2010.account.message``)."""
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created_at),
            "date_sent": format_datetime(self.sent_at) if self.sent_at else None,
            "date_updated": format_datetime(self.updated_at),
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": str(len(self.media_urls)),
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

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_sid: dict[str, Message] = {}

    def add(
        self,
        account_sid: str,
        to: str,
        sender: str,
        body: str,
        *,
        media_urls: tuple[str, ...] = (),
        status_callback: str = "",
    ) -> Message:
        """Take a message under a new SID."""
        now = datetime.now(UTC)
        message = Message(
            sid=f"{'MM' if media_urls else 'SM'}{uuid4().hex}",
            account_sid=account_sid,
            to=to,
            sender=sender,
            body=body,
            created_at=now,
            updated_at=now,
            media_urls=media_urls,
            status_callback=status_callback,
        )
        with self._lock:
            self._by_sid[message.sid] = message
        return message

    def get(self, sid: str) -> Message | None:
        """Return one message."""
        with self._lock:
            return self._by_sid.get(sid)

    def all(self) -> list[Message]:
        """Return every message, the oldest first."""
        with self._lock:
            return list(self._by_sid.values())

    def advance(self, sid: str, status: str) -> Message | None:
        """Give a message its next status; None if it is gone meanwhile."""
        now = datetime.now(UTC)
        with self._lock:
            message = self._by_sid.get(sid)
            if message is None:
                return None
            sent_at = message.sent_at or now
            advanced = replace(message, status=status, updated_at=now, sent_at=sent_at)
            self._by_sid[sid] = advanced
            return advanced

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._by_sid.clear()
