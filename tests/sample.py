"""Payloads as Twilio sends them, scrubbed, and requests made of them."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import urlencode

from lib.twilio.request import HttpRequest

FOLDER = Path(__file__).parent / "samples"
FORM_TYPE = "application/x-www-form-urlencoded"


def samples(folder: str) -> dict[str, dict]:
    """All samples of a folder by their label."""
    return {file.stem: json.loads(file.read_text()) for file in sorted((FOLDER / folder).iterdir())}


def sid(label: str) -> str:
    """A message's id of the exact form, from a short one that a test can name."""
    return f"SM{label.removeprefix('SM').encode().hex():0>32}"


def sign(token: str, url: str, form: dict[str, str], digest: str = "sha1") -> str:
    """Sign as Twilio documents it."""
    base = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), base.encode(), digest).digest()).decode()


def sha256(body: bytes) -> str:
    """The hash that a signed JSON request carries in its query."""
    return hashlib.sha256(body).hexdigest()


def posted(form: dict[str, str], signature: str = "", **fields) -> HttpRequest:
    """A form as the webhook gets it."""
    defaults = {"path": "/whatsapp/webhook", "host": "gate.example", "content_type": FORM_TYPE}
    body = urlencode(form).encode()
    return HttpRequest(body=body, signature=signature, **{**defaults, **fields})
