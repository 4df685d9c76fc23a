"""A request to a public endpoint as plain values: of HTTP what matters, and the form in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from lib.errors import PayloadError, PayloadTooLargeError

if TYPE_CHECKING:
    from flask import Request

MOST_BYTES = 256 * 1024
"""Of a body. Twilio's forms are a few kilobytes; a text of 4096 characters is 48 at most."""

FORM_TYPE = "application/x-www-form-urlencoded"

_TOO_LARGE = 413
_MOST_FIELDS = 500
# Control characters other than tab and line feed, and lone surrogates: nothing a person typed.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


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


@dataclass(frozen=True, slots=True)
class Form:
    """All parameters in their order. Of a repeated one the first value is read."""

    pairs: tuple[tuple[str, str], ...]
    _first: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Some forty names are asked for in each request, most of which are not there.
        object.__setattr__(self, "_first", dict(reversed(self.pairs)))

    def get(self, name: str) -> str:
        """The value of a parameter without control characters; empty if it is not there."""
        value = self._first.get(name, "")
        # Nearly every value is of one line, and has nothing to be taken out.
        return value if value.isprintable() else readable(value)


def readable(value: str) -> str:
    """A text without control characters and without halves of characters."""
    return _UNREADABLE.sub("", value.replace("\r\n", "\n"))


EMPTY_FORM = Form(())


def is_form(request: HttpRequest) -> bool:
    """Whether the body is of the kind whose parameters are signed one by one."""
    return request.content_type.partition(";")[0].strip().lower() == FORM_TYPE


def read_form(request: HttpRequest) -> Form:
    """Return the form in a request's body.

    Bytes that are no UTF-8 become U+FFFD, as in any browser.

    Raises:
        PayloadError: the form has more fields than any real one.
    """
    try:
        pairs = parse_qsl(
            request.body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise PayloadError("the form has too many fields") from None
    return Form(tuple(pairs))
