"""What Twilio's errors mean to us: one table.

Source: Twilio's error dictionary (twilio.com/docs/api/errors) for the codes that creating a
message can answer with.
"""

from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)

from lib.errors import (
    SendConfigurationError,
    SendError,
    SendInDoubtError,
    SendPermanentError,
    SendRetryableError,
    SendTooLongError,
    SendUnreachableError,
)
from lib.web.errors import ExchangeError, UnreachedError, UnusableError

_CODES: dict[type[SendError], tuple[int, ...]] = {
    SendConfigurationError: (
        20003,  # credentials refused
        20005,  # account not active
        20404,  # no such account or path
        21212,  # From is not an address
        21606,  # From is not ours
        63007,  # no such WhatsApp sender
        63038,  # daily limit of the account: nobody gets anything until it is raised or reset
    ),
    SendRetryableError: (
        20429,  # too many requests at once, never processed
        21611,  # queue of the sender is full
        30001,  # queue overflow
        63018,  # too many messages, in all or to this recipient
    ),
    SendTooLongError: (21617, 21658),
    SendUnreachableError: (
        21211,  # To is not an address
        21610,  # the recipient opted out
        21910,  # From and To are of different channels
        30016,
        63003,  # not on WhatsApp
        63014,  # blocked by the recipient
        63015,  # has not joined the sandbox, or has left it by the word stop
        63024,  # not on WhatsApp, or its terms not accepted
        63031,  # From and To are the same
    ),
    SendPermanentError: (
        21603,  # no From
        21604,  # no To
        21619,  # no content
        21654,  # template fields
        21655,
        21656,
    ),
}
_KIND_BY_CODE = {code: kind for kind, codes in _CODES.items() for code in codes}

_KIND_BY_STATUS: dict[int, type[SendError]] = {
    401: SendConfigurationError,
    403: SendConfigurationError,
    404: SendConfigurationError,
    405: SendConfigurationError,
    408: SendRetryableError,
    429: SendRetryableError,
}


def send_error(error: Exception, retry_after: float = 0.0) -> SendError:
    """Translate what went wrong while a message was being created.

    Whatever leaves open if Twilio took the message is SendInDoubtError. The text carries
    codes and names of types only: Twilio's own sentences quote phone numbers. ``retry_after``
    is what the answer's header says, in seconds.
    """
    if isinstance(error, TwilioRestException | TwilioServiceException):
        code, status = _facts(error)
        return _kind(code, status)(describe(error), str(code), retry_after=retry_after)
    if isinstance(error, UnreachedError):
        return SendRetryableError(describe(error))
    if isinstance(error, UnusableError):  # the base URL, or what we log in with
        return SendConfigurationError(describe(error))
    if isinstance(error, UnicodeEncodeError):  # half a surrogate pair: never on the wire
        return SendPermanentError(describe(error))
    return SendInDoubtError(describe(error))


def describe(error: Exception) -> str:
    """Say what happened, without a word that was sent or received."""
    if isinstance(error, TwilioException):
        code, status = _facts(error)
        return f"Twilio answered with code {code}, HTTP status {status}"
    kind = str(error) if isinstance(error, ExchangeError) else type(error).__name__
    return f"no usable answer from Twilio: {kind}"


def _kind(code: int, status: int) -> type[SendError]:
    if status >= 500:  # noqa: PLR2004 - the class of server errors: perhaps stored nevertheless
        return SendInDoubtError
    kind = _KIND_BY_CODE.get(code) or _KIND_BY_STATUS.get(status)
    if kind is not None:
        return kind
    # A redirect means that the base URL is not Twilio's; any other 4xx is about this message.
    return SendPermanentError if status >= 400 else SendConfigurationError  # noqa: PLR2004 - as above


def _facts(error: TwilioException) -> tuple[int, int]:
    """Return code and HTTP status; 0 for what the exception does not know."""
    response = error.args[1] if len(error.args) > 1 else None  # a page that was not fetched
    status = _number(getattr(error, "status", getattr(response, "status_code", 0)))
    return _number(getattr(error, "code", 0)) or status, status


def _number(value: object) -> int:
    # The fields come out of the answer's JSON as they are.
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0
