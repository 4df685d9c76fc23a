"""An HTTP/1.1 answer, read from a stream: as much of RFC 9112 as a client needs.

Of our own, since ``http.client`` hands every header to the parser of e-mails: that alone takes as
much time as all else the webhook does with a message. See decision 0026.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase

from lib.web.errors import ExchangeError, OversizeError

_LONGEST_LINE = 64 * 1024
_MOST_LINES = 100
# Of one body. Each takes work of its own, and no server sends a few bytes in each for long.
_MOST_CHUNKS = 100_000
_FIRST_FINAL = 200
_WITHOUT_BODY = frozenset({204, 304})


class BrokenAnswerError(ExchangeError):
    """The connection broke off, or what came over it is no HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, whatever its status. Names of headers are in small letters.

    ``last`` says that no other one comes over this connection.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    last: bool = False


def read_answer(stream: BufferedIOBase, most_bytes: int) -> Answer:
    """Read the next answer to a request other than HEAD, with a body of so many bytes at most.

    Raises:
        BrokenAnswerError: there is no whole one.
        OversizeError: its body is larger.
        OSError: whatever the stream raises.
    """
    version, status, headers = read_head(stream)
    while status < _FIRST_FINAL:
        version, status, headers = read_head(stream)
    last = version == b"HTTP/1.0" or headers.get("connection", "").lower() == "close"
    if status in _WITHOUT_BODY:
        return Answer(status, headers, b"", last)
    if "transfer-encoding" in headers:
        return Answer(status, headers, _chunks(stream, most_bytes), last)
    if "content-length" in headers:
        size = _number(headers["content-length"].encode("latin-1"), 10)
        return Answer(status, headers, _exactly(stream, size, most_bytes), last)
    body = _within_limit(stream.read(most_bytes + 1), most_bytes)
    return Answer(status, headers, body, last=True)


def read_head(stream: BufferedIOBase) -> tuple[bytes, int, dict[str, str]]:
    """Read the beginning of an answer: version, status and headers; see ``read_answer``."""
    version, _, rest = _line(stream).partition(b" ")
    if version not in {b"HTTP/1.1", b"HTTP/1.0"}:
        raise BrokenAnswerError("no HTTP")
    return version, _number(rest[:3], 10), _headers(stream)


def _headers(stream: BufferedIOBase) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MOST_LINES):
        line = _line(stream)
        if not line:
            return headers
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    raise BrokenAnswerError("too many headers")


def _chunks(stream: BufferedIOBase, most_bytes: int) -> bytes:
    body = bytearray()
    for _ in range(_MOST_CHUNKS):
        size = _number(_line(stream).partition(b";")[0].strip(), 16)
        if not size:
            _headers(stream)  # what may follow the last chunk
            return bytes(body)
        body += _exactly(stream, size, most_bytes - len(body))
        _line(stream)
    raise OversizeError("too many chunks")


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise BrokenAnswerError("the answer broke off")
    return line.rstrip(b"\r\n")


def _exactly(stream: BufferedIOBase, size: int, most_bytes: int) -> bytes:
    if size > most_bytes:
        raise OversizeError("too large")
    body = stream.read(size)
    if len(body) < size:
        raise BrokenAnswerError("the answer broke off")
    return body


def _within_limit(body: bytes, most_bytes: int) -> bytes:
    if len(body) > most_bytes:
        raise OversizeError("too large")
    return body


def _number(digits: bytes, base: int) -> int:
    try:
        # int() also takes signs, blanks and underscores.
        return int(digits, base) if digits.isalnum() else int("")
    except ValueError:
        raise BrokenAnswerError("no HTTP") from None
