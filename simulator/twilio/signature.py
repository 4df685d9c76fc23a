"""Twilio's signature of a request with form parameters.

Source: twilio.com/docs/usage/webhooks/webhooks-security.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urldefrag


def sign(url: str, parameters: Mapping[str, str], auth_token: str) -> str:
    """Return the value of ``X-Twilio-Signature``; the URL's fragment is not signed."""
    parts = (name + parameters[name] for name in sorted(parameters))
    base = urldefrag(url).url + "".join(parts)
    digest = hmac.new(auth_token.encode(), base.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
