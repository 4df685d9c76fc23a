"""The media of messages, fetched from Twilio.

Twilio's API takes our credentials and sends on to its storage, which refuses them, and which they
must not be shown to. So redirects are followed by hand, and only to where media are known to lie,
whatever a message or a redirect says.
"""

import io
import logging
import re
import time
from collections.abc import Sequence
from functools import partial

from lib.media.errors import MediaRefusedError
from lib.media.fetched import Fetched
from lib.stopping import Stop
from lib.twilio.media_addresses import MediaAddresses, host_of, redirected
from lib.twilio.media_failures import PAUSES, patiently, refused, unanswered
from lib.twilio.refusals import RefusalCount
from lib.web.client import Client
from lib.web.disposition import file_name
from lib.web.errors import ExchangeError, OversizeError
from lib.web.message import Stream
from lib.web.proxy import basic

MOST_BYTES = 16 * 1024 * 1024
"""Of a medium. Source: Twilio, "Guidance on WhatsApp media messages"."""

SECONDS = 20.0
"""For a medium, with all its redirects and tries."""

_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LENGTH = re.compile("[0-9]{1,18}")
_TYPE = re.compile(r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80}", re.ASCII)
# Media are compressed as they are, and their bytes are counted.
_PLAIN = {"Accept-Encoding": "identity"}
_log = logging.getLogger(__name__)


class MediaFetcher:
    """Fetches media of one account, for all threads.

    ``username`` and ``password`` are an API key with its secret, or the account with its token.
    ``base_url`` replaces that of Twilio's API. ``refusals`` counts addresses that are not asked;
    ``pauses`` are the seconds between tries.
    """

    def __init__(
        self,
        username: str,
        password: str,
        account_sid: str,
        base_url: str = "",
        *,
        most_bytes: int = MOST_BYTES,
        refusals: RefusalCount | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._login = {**_PLAIN, "Authorization": basic(username, password)}
        self._addresses = MediaAddresses(account_sid, base_url)
        self._most_bytes = most_bytes
        self._refusals = refusals or RefusalCount()
        self._pauses = pauses
        self._client = Client()

    def fetch(self, url: str, stop: Stop | None = None, seconds: float = SECONDS) -> Fetched:
        """Return a medium. Twilio is asked again where that may help, within so many seconds.

        Raises:
            MediaRefusedError: it lies where no medium of ours does.
            MediaConfigurationError: Twilio does not let us in.
            MediaTooLargeError: it is too large.
            MediaGoneError: it is not there, or not any more.
            MediaLateError: it could not be had in time.
            StoppedError: the order was given.
            ShortageError: there was no descriptor or thread of our own for it.
        """
        self._require_medium(url)
        stop = stop or Stop()
        return patiently(partial(self._follow, url, stop), seconds, stop, self._pauses)

    def delete(self, url: str, seconds: float = SECONDS) -> None:
        """Delete a medium at Twilio, if it is still there; see ``fetch`` for the errors."""
        self._require_medium(url)
        patiently(partial(self._delete, f"{url}.json"), seconds, Stop(), self._pauses)

    def _follow(self, url: str, stop: Stop, end: float) -> Fetched:
        headers = self._login
        for _ in range(1 + _MOST_REDIRECTS):
            found = self._get(url, headers, stop, end)
            if isinstance(found, Fetched):
                return found
            if not self._addresses.is_storage(found):
                raise self._refusal(found, "media_host")
            url, headers = found, _PLAIN
        raise self._refusal(url, "media_redirects")

    def _get(self, url: str, headers: dict[str, str], stop: Stop, end: float) -> Fetched | str:
        """Return what is there, or where else it is."""
        left, most = end - time.monotonic(), self._most_bytes
        try:
            with self._client.stream("GET", url, headers, b"", left, most, stop=stop) as stream:
                if stream.status in _REDIRECTS:
                    return redirected(url, stream.headers.get("location", ""))
                if stream.status != 200:  # noqa: PLR2004 - HTTP's own number
                    raise refused(stream, logged_in=headers is self._login)
                return _read(stream, most)
        except ExchangeError as error:
            raise unanswered(error) from None

    def _delete(self, url: str, end: float) -> None:
        left = end - time.monotonic()
        try:
            with self._client.stream("DELETE", url, self._login, b"", left) as stream:
                if stream.status in _REDIRECTS:
                    raise self._refusal(stream.headers.get("location", ""), "media_host")
                if stream.status not in {200, 204, 404}:
                    raise refused(stream, logged_in=True)
        except ExchangeError as error:
            raise unanswered(error) from None

    def _require_medium(self, url: str) -> None:
        if not self._addresses.is_medium(url):
            raise self._refusal(url, "media_url")

    def _refusal(self, url: str, kind: str) -> MediaRefusedError:
        # An error: where Twilio has moved its media, none is read any more.
        count = self._refusals.count(kind)
        if self._refusals.may_tell():
            facts = {"host": host_of(url), "reason": kind, "refused": count}
            _log.error("media address refused", extra=facts)
        return MediaRefusedError(f"{kind}: {host_of(url)}")


def _read(stream: Stream, most: int) -> Fetched:
    length = stream.headers.get("content-length", "")
    if _LENGTH.fullmatch(length) and int(length) > most:
        raise OversizeError("too large")
    data = io.BytesIO()  # which is not copied in the end, as a list of parts would be
    data.writelines(stream.body)
    kind = stream.headers.get("content-type", "").partition(";")[0].strip().lower()
    name = file_name(stream.headers.get("content-disposition", ""))
    return Fetched(data.getvalue(), kind if _TYPE.fullmatch(kind) else "", name)
