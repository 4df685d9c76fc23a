"""The SDK's exceptions as errors of ours, by Twilio's codes."""

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
)
from lib.twilio.codes import CODES
from lib.web.errors import ExchangeError, UnreachedError, UnusableError

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
        known = CODES.get(str(code))
        meaning = f": {known.sentence}" if known and known.refused else ""
        return f"Twilio answered with code {code}, HTTP status {status}{meaning}"
    kind = str(error) if isinstance(error, ExchangeError) else type(error).__name__
    return f"no usable answer from Twilio: {kind}"


def _kind(code: int, status: int) -> type[SendError]:
    if status >= 500:  # noqa: PLR2004 - the class of server errors: perhaps stored nevertheless
        return SendInDoubtError
    known = CODES.get(str(code))
    kind = (known and known.refused) or _KIND_BY_STATUS.get(status)
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
