"""One POST to an assistant, under one deadline for everything from name look-up to last byte."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from lib.errors import AssistantError, AssistantRefusedError, AssistantTimeoutError

CONNECT_SECONDS = 5.0
MOST_BYTES = 4 * 1024 * 1024
"""Of a reply; more would not be read on a phone, and an endless one must end."""

_PIECE = 16 * 1024
REFUSALS = frozenset({401, 403})
"""The statuses of a reply that did not let us in."""

_SUCCESS = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply: its status, the content type as sent, and the body."""

    status: int
    content_type: str
    body: bytes


class Exchange:
    """A pool of connections for all threads; built at first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: requests.Session | None = None

    def post(
        self, url: str, document: Mapping[str, Any], headers: Mapping[str, str], timeout: float
    ) -> Reply:
        """Send JSON and return the complete reply, whatever its status.

        Never sent twice: an assistant may have run its tools already. Redirects are not
        followed, so that no credentials travel to another host.

        Raises:
            AssistantRefusedError: nobody answers there.
            AssistantTimeoutError: the reply was not complete in ``timeout`` seconds.
            AssistantError: the reply broke off, or is too large.
        """
        deadline = time.monotonic() + timeout
        try:
            response = self._connected().post(
                url,
                json=document,
                headers=dict(headers),
                auth=_AsGiven(),
                stream=True,
                allow_redirects=False,
                timeout=(min(CONNECT_SECONDS, timeout), timeout),
            )
            with response, _cut_at(response, deadline):
                body = _read(response, deadline)
        except requests.RequestException as error:
            raise _failure(error, deadline) from None
        if time.monotonic() > deadline:
            raise AssistantTimeoutError("no complete reply within the deadline")
        return Reply(response.status_code, response.headers.get("Content-Type", ""), body)

    def _connected(self) -> requests.Session:
        with self._lock:
            if self._session is None:
                self._session = requests.Session()
                adapter = HTTPAdapter(pool_connections=8, pool_maxsize=64, max_retries=0)
                self._session.mount("https://", adapter)
                self._session.mount("http://", adapter)
            return self._session


class _AsGiven(AuthBase):
    """Keeps requests from putting a password of ``.netrc`` in the place of our header."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def check_status(reply: Reply) -> None:
    """Return if a reply says success.

    Raises:
        AssistantRefusedError: it did not let us in.
        AssistantError: it failed. Its words stay where they are: they may hold code and paths.
    """
    if reply.status in REFUSALS:
        raise AssistantRefusedError(f"HTTP {reply.status}")
    if reply.status != _SUCCESS:
        raise AssistantError(f"HTTP {reply.status}")


def host_of(url: str) -> str:
    """The scheme, host and port of a URL: where credentials may go, and their audience."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def _cut_at(response: requests.Response, deadline: float) -> Iterator[None]:
    # A read's own time limit starts again with every byte; this one does not.
    watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), response.raw.shutdown)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _read(response: requests.Response, deadline: float) -> bytes:
    pieces = bytearray()
    for piece in response.iter_content(_PIECE):
        pieces += piece
        if len(pieces) > MOST_BYTES:
            raise AssistantError("the reply is too large")
        if time.monotonic() > deadline:
            raise AssistantTimeoutError("no complete reply within the deadline")
    return bytes(pieces)


def _failure(error: requests.RequestException, deadline: float) -> AssistantError:
    kind = type(error).__name__
    if isinstance(error, requests.ConnectTimeout):
        return AssistantRefusedError(f"not reachable: {kind}")
    if isinstance(error, requests.Timeout) or time.monotonic() >= deadline:
        return AssistantTimeoutError(f"no complete reply within the deadline: {kind}")
    if isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error):
        return AssistantRefusedError(f"not reachable: {kind}")
    return AssistantError(f"the reply broke off: {kind}")
