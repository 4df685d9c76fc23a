"""What a failed try at a medium means, and when it is tried again."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from lib.errors import GatewayError, ShortageError
from lib.media.errors import MediaError, MediaGoneError, MediaLateError, MediaTooLargeError
from lib.stopping import Stop
from lib.web.errors import ExchangeError, LateError, OversizeError, ShortError, UnusableError
from lib.web.message import Stream
from lib.web.retry_after import retry_after

PAUSES = (1.0, 3.0)
"""Seconds between tries: media are known to Twilio's API some time after the message is."""

_PASSING = frozenset({408, 425, 429})
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class MediaConfigurationError(MediaError):
    """No medium can be fetched until an operator changes a setting."""

    code = "media_configuration"


class NotNowError(Exception):
    """The same may work later, in ``after`` seconds if the server named a time.

    What is ``absent`` is not there, perhaps not yet.
    """

    def __init__(self, reason: str, *, absent: bool = False, after: float = 0.0) -> None:
        super().__init__(reason)
        self.absent = absent
        self.after = after


def patiently(
    work: Callable[[float], _Result], seconds: float, stop: Stop, pauses: Sequence[float] = PAUSES
) -> _Result:
    """Do some work, which gets the time it must end at (``time.monotonic``), until it is done.

    The last of the pauses is the one between all further tries.

    Raises:
        MediaGoneError: what is absent was so once more than there are pauses, whatever else was
            wrong in between.
        MediaLateError: there is no time left for another try.
        StoppedError: the order was given.
    """
    end, tried, absent = time.monotonic() + seconds, 0, 0
    while True:
        try:
            return work(end)
        except NotNowError as error:
            pause = max(pauses[min(tried, len(pauses) - 1)], error.after)
            tried += 1
            absent += error.absent
            if absent > len(pauses):
                raise MediaGoneError(str(error)) from None
            if time.monotonic() + pause >= end:
                final = MediaGoneError if error.absent else MediaLateError
                raise final(str(error)) from None
        over = threading.Event()
        with stop.ending(over.set):
            over.wait(pause)
        stop.check()


def refused(stream: Stream, *, logged_in: bool) -> MediaError | NotNowError:
    """Return what a response that brings nothing means."""
    status = stream.status
    said = f"{'Twilio' if logged_in else 'the storage'} answered with HTTP status {status}"
    if logged_in and status in {401, 403}:
        return _misconfigured(said)
    # At the storage, a signature has expired: the next try gets another one.
    if status in {401, 403, 404}:
        return NotNowError(said, absent=True)
    if status in _PASSING or status >= 500:  # noqa: PLR2004 - the class of server errors
        return NotNowError(said, after=retry_after(stream.headers.get("retry-after", "")))
    return MediaGoneError(said)


def unanswered(error: ExchangeError) -> GatewayError | NotNowError:
    """Return what it means that there is no complete response."""
    match error:
        case ShortError():
            return ShortageError(str(error))
        case LateError():
            return MediaLateError(str(error))
        case OversizeError():
            return MediaTooLargeError(str(error))
        case UnusableError():  # what we log in with, or the proxy
            return _misconfigured(str(error))
    return NotNowError(f"no complete answer: {error}")


def _misconfigured(reason: str) -> MediaConfigurationError:
    _log.error("media cannot be fetched", extra={"reason": reason})
    return MediaConfigurationError(reason)
