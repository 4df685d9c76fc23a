"""HTTP's two messages: what a request can be made of, and what a response is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from lib.web.errors import UnusableError


@dataclass(frozen=True, slots=True)
class Response:
    """A whole response, whatever its status. Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Stream:
    """A response whose body is still coming: as it arrives, decompressed, to be read once."""

    status: int
    headers: Mapping[str, str]
    body: Iterator[bytes]


@lru_cache(maxsize=64)
def split(url: str) -> tuple[SplitResult, str]:
    """Return the server of a URL, without any name and password, and what is asked of it.

    Raises:
        UnusableError: it names no server of HTTP, or what no request can hold.
    """
    try:
        parts = urlsplit(url)
        origin = SplitResult(parts.scheme, parts.netloc.rpartition("@")[2], "", "", "")
        known = origin.scheme in {"http", "https"} and origin.hostname and origin.port != 0
    except ValueError:
        known = False
    if not known or not url.isascii() or not url.isprintable() or " " in url:
        raise UnusableError("no address")
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return origin, target


def require_lines(headers: Mapping[str, str]) -> None:
    """Refuse headers that would be two lines instead of one, or hold what none can.

    Raises:
        UnusableError: there is one.
    """
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise UnusableError("no header")
