"""Access tokens for Google's APIs: who publishes.

Source: Google Cloud, "Authenticate workloads using service accounts" (the metadata server), and
"How Application Default Credentials works".
"""

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from lib.errors import QueueError
from lib.google.responses import MOST_BYTES, body_of
from lib.web.direct import DirectClient

Fetch = Callable[[float], tuple[str, float]]
"""Gets a new token within so many seconds; returns it and how long it lasts, in seconds."""

_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
_SCOPE = "https://www.googleapis.com/auth/pubsub"
# The metadata server gives the same token until four minutes before it expires; google-auth
# waits as long.
_MARGIN = 225.0
_HOUR = 3600.0


class Tokens:
    """One token for all threads, fetched by one of them shortly before it expires."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0

    def get(self, seconds: float) -> str:
        """Return a token that is good for some minutes.

        Raises:
            TimeoutError, ExchangeError: there was none in time.
            QueueError: there is none to be had; or whatever ``fetch`` raises.
        """
        started = time.monotonic()
        if started < self._renew_at:
            return self._token
        if not self._lock.acquire(timeout=seconds):
            raise TimeoutError
        try:
            if started >= self._renew_at:
                self._renew(started + seconds)
            return self._token
        finally:
            self._lock.release()

    def _renew(self, deadline: float) -> None:
        asked_at = time.monotonic()
        token, lifetime = self._fetch(deadline - asked_at)
        self._token, self._renew_at = token, asked_at + lifetime - _MARGIN


def of_metadata_server(host: str) -> Tokens:
    """The tokens of the service account that this process runs as on Google Cloud."""
    return Tokens(partial(_from_metadata_server, DirectClient(), f"http://{host}{_PATH}"))


def of_this_machine() -> Tokens:
    """The tokens of whoever has logged in here, or whose key is named in the environment."""
    return Tokens(_from_default_credentials)


def _from_metadata_server(client: DirectClient, url: str, seconds: float) -> tuple[str, float]:
    # The next one is needed in an hour: nothing is kept open for it.
    headers = {"Metadata-Flavor": "Google", "Connection": "close"}
    answer = body_of(client.request("GET", url, headers, b"", seconds, MOST_BYTES))
    try:
        document = json.loads(answer)
        return str(document["access_token"]), float(document["expires_in"])
    except (LookupError, TypeError, ValueError):
        raise QueueError("the metadata server's answer is no token") from None


def _from_default_credentials(seconds: float) -> tuple[str, float]:
    try:
        import google.auth
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request
    except ImportError:
        raise QueueError("no Google identity: google-auth is not installed") from None
    try:
        credentials, _ = google.auth.default(scopes=[_SCOPE])
        credentials.refresh(partial(Request(), timeout=seconds))
    except (GoogleAuthError, OSError, ValueError) as error:
        raise QueueError(f"no Google identity: {type(error).__name__}") from None
    return str(credentials.token), _lifetime(credentials.expiry)


def _lifetime(expiry: datetime | None) -> float:
    # google-auth keeps naive times in UTC.
    if expiry is None:
        return _HOUR
    return (expiry.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()
