"""The WhatsApp senders of the account (Senders API, v2): find them, and set their URLs.

Source: twilio.com/docs/whatsapp/api/senders, and ``twilio_messaging_v2`` of its OpenAPI documents.
"""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, jsonify, request

from simulator.twilio.access import authenticate
from simulator.twilio.account import Account
from simulator.twilio.refusals import RefusedError

_URLS = ("callback_url", "fallback_url", "status_callback_url")
_METHODS = ("callback_method", "fallback_method", "status_callback_method")
_PAGE = "https://messaging.twilio.com/v2/Channels/Senders?Channel=whatsapp&PageSize=50&Page=0"


@dataclass(frozen=True, slots=True)
class SendersApi:
    """The views of one account's senders."""

    account: Account

    def list(self) -> Response:
        """List the senders of a channel."""
        authenticate(self.account)
        if request.args.get("Channel") != "whatsapp":
            raise RefusedError(20001, "Channel must be whatsapp")
        senders = [self._resource(number) for number in sorted(self.account.senders)]
        meta = {"key": "senders", "page": 0, "page_size": 50, "url": _PAGE, "next_page_url": None}
        return jsonify(senders=senders, meta=meta)

    def fetch(self, sid: str) -> Response:
        """Return one sender."""
        return jsonify(self._resource(self._number(sid)))

    def update(self, sid: str) -> Response:
        """Set the URLs of a sender."""
        number = self._number(sid)
        document = request.get_json()
        webhook = document.get("webhook") if isinstance(document, dict) else None
        if not isinstance(webhook, dict) or not set(webhook) <= {*_URLS, *_METHODS}:
            raise RefusedError(20001, "webhook must have URLs and methods only")
        if not all(_is_url(webhook[name]) for name in _URLS if name in webhook):
            raise RefusedError(20001, "a URL of the webhook is not valid")
        self.account.webhooks[number] = webhook
        answer = jsonify(self._resource(number))
        answer.status_code = 202
        return answer

    def _number(self, sid: str) -> str:
        authenticate(self.account)
        return next((one for one in self.account.senders if _sid(one) == sid), "") or abort(404)

    def _resource(self, number: str) -> dict[str, Any]:
        return {
            "sid": _sid(number),
            "sender_id": f"whatsapp:{number}",
            "status": "ONLINE",
            "webhook": self.account.webhooks.get(number),
            "url": f"https://messaging.twilio.com/v2/Channels/Senders/{_sid(number)}",
        }


def _sid(number: str) -> str:
    return "XE" + hashlib.sha256(number.encode()).hexdigest()[:32]


def _is_url(text: object) -> bool:
    return isinstance(text, str) and urlsplit(text).scheme in {"http", "https"}
