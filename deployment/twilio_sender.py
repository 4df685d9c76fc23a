"""Tell Twilio where the gateway is: ``WEBHOOK_URL STATUS_URL``, with the token on standard input.

Through the Senders API: https://www.twilio.com/docs/whatsapp/api/senders. The sandbox has none.
"""

import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

_SECONDS = 20
_PAGE = "/v2/Channels/Senders?Channel=whatsapp&PageSize=50"


class TwilioRefusedError(Exception):
    """Twilio did not do it; the text says why and what to do."""


class Senders:
    """The WhatsApp senders of an account. ``base`` replaces Twilio's host, for a stand-in."""

    def __init__(self, account: str, token: str, base: str = "") -> None:
        self._base = (base or "https://messaging.twilio.com").rstrip("/")
        key = base64.b64encode(f"{account}:{token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}

    def find(self, number: str) -> dict[str, Any] | None:
        """Return the sender of a number (``whatsapp:+...``), if the account has it."""
        page = _PAGE
        while page:
            found = self._ask(page)
            for sender in found["senders"]:
                if sender["sender_id"] == number:
                    return dict(sender)
            # Only the path: credentials go to no host that an answer names.
            following = urllib.parse.urlsplit((found.get("meta") or {}).get("next_page_url") or "")
            page = f"{following.path}?{following.query}" if following.path else ""
        return None

    def point(self, sid: str, webhook: dict[str, str]) -> None:
        """Set the URLs of a sender."""
        self._ask(f"/v2/Channels/Senders/{sid}", {"webhook": webhook})

    def _ask(self, path: str, document: object = None) -> dict[str, Any]:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self._base + path, body, self._headers)  # noqa: S310 - see base
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            raise TwilioRefusedError(_reason(error.code)) from None
        except (OSError, ValueError) as error:
            raise TwilioRefusedError(
                f"Twilio could not be asked ({type(error).__name__})."
            ) from None


def _reason(status: int) -> str:
    if status in {401, 403}:
        return "Twilio refuses them: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
    return f"Twilio answered with status {status}; set the URLs in its console instead."


def main(webhook_url: str, status_url: str, token: str) -> None:
    """Set both URLs of the configured number, if they differ."""
    number = os.environ["TWILIO_WHATSAPP_NUMBER"]
    base = os.environ.get("TWILIO_API_BASE_URL", "")
    senders = Senders(os.environ["TWILIO_ACCOUNT_SID"], token, base)
    sender = senders.find(number)
    if sender is None:
        raise TwilioRefusedError(
            f"The account has no WhatsApp sender {number[:-8]}…{number[-4:]}. The sandbox's number "
            "has no API: set its URLs in the console (Sandbox settings)."
        )
    webhook = {
        "callback_url": webhook_url,
        "callback_method": "POST",
        "status_callback_url": status_url,
        "status_callback_method": "POST",
    }
    known = {name: url for name, url in (sender.get("webhook") or {}).items() if url}
    if {**known, **webhook} == known:
        print("  Twilio knows both URLs already")
        return
    senders.point(sender["sid"], {**known, **webhook})
    print("  * webhook and status callback of the sender")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], sys.stdin.read())
    except TwilioRefusedError as error:
        sys.exit(f"deploy.sh: {error}")
