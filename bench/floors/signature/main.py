"""Hello that checks Twilio's signature: nobody's webhook can do less."""

import base64
import hmac
import os

import functions_framework
from flask import Request

_TOKEN = os.environ["TWILIO_AUTH_TOKEN"].encode()
_URL = os.environ["TWILIO_WEBHOOK_URL"]


@functions_framework.http
def signature(request: Request) -> tuple[str, int]:
    """Answer 200 to who holds the token."""
    form = request.form
    base = _URL + "".join(name + form[name] for name in sorted(form))
    expected = base64.b64encode(hmac.digest(_TOKEN, base.encode(), "sha1")).decode()
    proven = hmac.compare_digest(expected, request.headers.get("X-Twilio-Signature", ""))
    return ("hello", 200) if proven else ("no", 403)
