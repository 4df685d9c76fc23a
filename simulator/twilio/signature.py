"""Twilio's signatures of a request with form parameters.

Source: twilio.com/docs/usage/webhooks/webhooks-security, and "Webhook shared keys" for SHA-256.
"""

import base64
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag

SHARED_KEY_SID = f"webhooks_sharedkey_{0:032x}"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs as an account does: with a shared key by SHA-256 if it has one, else by SHA-1."""

    auth_token: str = field(repr=False)
    shared_key: str = field(default="", repr=False)

    def headers(self, url: str, form: Mapping[str, str]) -> dict[str, str]:
        """Return the headers that prove a form posted to ``url``."""
        if not self.shared_key:
            return {"X-Twilio-Signature": sign(url, form, self.auth_token)}
        return {
            "X-Twilio-Signature": sign(url, form, self.shared_key, hash_name="sha256"),
            "X-Twilio-Webhooks-Signature-Settings": (
                f"key={SHARED_KEY_SID}, algorithm=HMAC_SHA256"
            ),
        }


def sign(
    url: str,
    parameters: Mapping[str, str | Iterable[str]],
    secret: str,
    *,
    hash_name: str = "sha1",
) -> str:
    """Return the value of ``X-Twilio-Signature``; the URL's fragment is not signed."""
    parts = (
        name + value for name in sorted(parameters) for value in sorted(_values(parameters[name]))
    )
    base = urldefrag(url).url + "".join(parts)
    digest = hmac.new(secret.encode(), base.encode(), hash_name)
    return base64.b64encode(digest.digest()).decode()


def _values(value: str | Iterable[str]) -> set[str]:
    return {value} if isinstance(value, str) else set(value)
