"""Twilio's parameters: a body or a query string as names and values."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from lib.errors import PayloadError
from lib.twilio.request import HttpRequest

FORM_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 500
# Control characters other than tab and line feed, and lone surrogates: nothing a person typed.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


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
