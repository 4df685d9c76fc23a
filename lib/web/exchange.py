"""One request and its complete answer, under one deadline for everything.

Never sent twice: whoever was asked may have acted already. Redirects are not followed, so that
no credentials travel to another host; no cookie is kept, and no password is taken from ``.netrc``.
"""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError, TimeoutError  # noqa: A004 - urllib3's is its own

from lib.web.connections import Line, Road, Roads, cut_after

CONNECT_SECONDS = 5.0
MOST_BYTES = 4 * 1024 * 1024
"""Of an answer: more would not be read on a phone, and an endless one must end."""

_PIECE = 16 * 1024
_UNDERSTOOD = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate"}


class ExchangeError(Exception):
    """There is no complete answer, and nobody knows what the other side did."""


class UnreachedError(ExchangeError):
    """No connection was made, so nothing was sent."""


class LateError(ExchangeError):
    """The answer was not complete in time."""


class OversizeError(ExchangeError):
    """The answer is too large."""


class UnusableError(ExchangeError):
    """No request can be made of this address or these headers."""


class Answer(NamedTuple):
    """A complete answer, whatever its status; names of headers are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Makes exchanges for all threads, on connections that are kept open."""

    def __init__(self) -> None:
        self._roads = Roads()

    def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | str | None,
        seconds: float,
    ) -> Answer:
        """Send a request once and return the answer.

        Raises:
            ExchangeError: there is none; see its kinds. It tells types of errors only.
        """
        road, target = self._way(url)
        with cut_after(seconds) as line:
            try:
                response = road.pool.urlopen(
                    method,
                    target,
                    body,
                    {**_UNDERSTOOD, **headers},
                    timeout=Timeout(connect=min(CONNECT_SECONDS, seconds), read=seconds),
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    preload_content=False,
                )
                answer = Answer(response.status, response.headers, _read(response))
            except (HTTPError, OSError, ValueError) as error:
                raise _failure(error, line) from None
        if line.was_cut:
            # A cut can look like the end of an answer that is not counted.
            raise LateError("cut")
        return answer

    def _way(self, url: str) -> tuple[Road, str]:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UnusableError("no address")
        try:
            road = self._roads.to(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
        except (OSError, ValueError) as error:
            raise UnusableError(type(error).__name__) from None
        return road, road.prefix + urlunsplit(("", "", parts.path or "/", parts.query, ""))


def _read(response: BaseHTTPResponse) -> bytes:
    body = bytearray()
    try:
        for piece in response.stream(_PIECE, decode_content=True):
            body += piece
            if len(body) > MOST_BYTES:
                raise OversizeError("too large")  # noqa: TRY301 - closed below, as after any other
    except BaseException:
        response.close()  # with what is unread of it, nobody can use the connection again
        raise
    response.release_conn()
    return bytes(body)


def _failure(error: Exception, line: Line) -> ExchangeError:
    kind = type(error).__name__
    if line.socket is None:
        return UnreachedError(kind) if isinstance(error, HTTPError) else UnusableError(kind)
    is_late = line.was_cut or isinstance(error, TimeoutError)
    return LateError(kind) if is_late else ExchangeError(kind)
