"""A request to a public endpoint as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote

from lib.errors import PayloadTooLargeError

if TYPE_CHECKING:
    from flask import Request

MOST_BYTES = 256 * 1024
"""Of a body. Twilio's forms are a few kilobytes; a text of 4096 characters is 48 at most."""

_TOO_LARGE = 413


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What of an HTTP request matters: ``path`` and ``query`` as they came, still encoded.

    ``signature`` and ``signature_settings`` are Twilio's headers; empty where there were none.
    ``headers`` are all of them, by name and value.
    """

    path: str
    body: bytes
    query: str = ""
    host: str = ""
    content_type: str = ""
    signature: str = ""
    signature_settings: str = ""
    headers: Iterable[tuple[str, str]] = field(default=(), repr=False)


def http_request(request: "Request") -> HttpRequest:
    """Return what matters of a framework's request, its body read within the limit.

    Raises:
        PayloadTooLargeError: there is more of the body than any real one has.
    """
    return HttpRequest(
        path=_raw_path(request),
        body=_body(request),
        query=request.query_string.decode("latin-1"),
        host=request.headers.get("Host", ""),
        content_type=request.content_type or "",
        signature=request.headers.get("X-Twilio-Signature", ""),
        signature_settings=request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""),
        headers=request.headers,
    )


def _body(request: "Request") -> bytes:
    request.max_content_length = MOST_BYTES
    try:
        return request.get_data(parse_form_data=False)
    except Exception as error:
        # Named by its status, so that this module needs no web framework to be imported.
        if getattr(error, "code", None) != _TOO_LARGE:
            raise
        # functions-framework reads a body to its end after the answer: there must be none.
        request.stream = BytesIO()
        raise PayloadTooLargeError("the body is too large") from None


def _raw_path(request: "Request") -> str:
    # The path as it came is what was signed; servers keep it under either name.
    raw = request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or ""
    path = str(raw).partition("?")[0]
    return path if path.startswith("/") else quote(request.path)
