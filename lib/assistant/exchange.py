"""One POST to an assistant, under one deadline for everything from name look-up to last byte."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, MaxRetryError

from lib.assistant.connections import CuttableAdapter, cut_after
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
        with cut_after(timeout) as exchange:
            try:
                reply = self._post(url, document, headers, timeout)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise _failure(error, cut=exchange.was_cut) from None
        if exchange.was_cut:
            # A cut can look like the end of a reply that is not counted.
            raise AssistantTimeoutError("no complete reply within the deadline")
        return reply

    def _post(
        self, url: str, document: Mapping[str, Any], headers: Mapping[str, str], timeout: float
    ) -> Reply:
        response = self._connected().post(
            url,
            json=document,
            headers=dict(headers),
            auth=_AsGiven(),
            stream=True,
            allow_redirects=False,
            timeout=(min(CONNECT_SECONDS, timeout), timeout),
        )
        with response:
            content_type = response.headers.get("Content-Type", "")
            return Reply(response.status_code, content_type, _read(response))

    def _connected(self) -> requests.Session:
        with self._lock:
            if self._session is None:
                self._session = _Session()
                # One person's cookie must not be sent with the next one's question.
                self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
                adapter = CuttableAdapter(pool_connections=8, pool_maxsize=64, max_retries=0)
                self._session.mount("https://", adapter)
                self._session.mount("http://", adapter)
            return self._session


class _Session(requests.Session):
    """Knows no redirects: even unfollowed, requests would read the whole body of one first."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None."""


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


def _read(response: requests.Response) -> bytes:
    pieces = bytearray()
    for piece in response.iter_content(_PIECE):
        pieces += piece
        if len(pieces) > MOST_BYTES:
            raise AssistantError("the reply is too large")
    return bytes(pieces)


def _failure(error: Exception, *, cut: bool) -> AssistantError:
    kind = type(error).__name__
    # How urllib3 says that a request never got through: no name, no connection, no trust.
    if not cut and error.args and isinstance(error.args[0], MaxRetryError):
        return AssistantRefusedError(f"not reachable: {kind}")
    if cut or isinstance(error, requests.Timeout):
        return AssistantTimeoutError(f"no complete reply within the deadline: {kind}")
    return AssistantError(f"the reply broke off: {kind}")
