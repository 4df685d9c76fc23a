"""An HTTP/1.1 answer, read from a stream: as much of RFC 9112 as the two servers of ours need.

Of our own, since ``http.client`` hands every header to the parser of e-mails: that alone takes as
much time as all else the webhook does with a message. See decision 0026.
"""

from dataclasses import dataclass
from io import BufferedIOBase

from lib.errors import QueueError

MOST_BYTES = 64 * 1024
"""Of a body. Those of Pub/Sub and of the metadata server have a few hundred."""

_LONGEST_LINE = 8 * 1024
_MOST_LINES = 100
_FIRST_FINAL = 200
_WITHOUT_BODY = frozenset({204, 304})

Headers = dict[bytes, bytes]


class BrokenAnswerError(ConnectionError):
    """The connection broke off, or what came over it is no HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``last`` says that no other one comes over this connection."""

    status: int
    body: bytes
    last: bool


def read_answer(stream: BufferedIOBase) -> Answer:
    """Read the next answer to a request other than HEAD.

    Raises:
        BrokenAnswerError: there is no whole one.
        QueueError: it is larger than any real one.
        OSError: whatever the stream raises.
    """
    version, status, headers = _head(stream)
    while status < _FIRST_FINAL:
        version, status, headers = _head(stream)
    last = version == b"HTTP/1.0" or headers.get(b"connection", b"").lower() == b"close"
    if status in _WITHOUT_BODY:
        return Answer(status, b"", last)
    if b"transfer-encoding" in headers:
        return Answer(status, _chunks(stream), last)
    if b"content-length" in headers:
        return Answer(status, _exactly(stream, _number(headers[b"content-length"], 10)), last)
    return Answer(status, _within_limit(stream.read(MOST_BYTES + 1)), last=True)


def _head(stream: BufferedIOBase) -> tuple[bytes, int, Headers]:
    version, _, rest = _line(stream).partition(b" ")
    if version not in {b"HTTP/1.1", b"HTTP/1.0"}:
        raise BrokenAnswerError("no HTTP")
    return version, _number(rest[:3], 10), _headers(stream)


def _headers(stream: BufferedIOBase) -> Headers:
    headers: Headers = {}
    for _ in range(_MOST_LINES):
        line = _line(stream)
        if not line:
            return headers
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    raise BrokenAnswerError("too many headers")


def _chunks(stream: BufferedIOBase) -> bytes:
    body = b""
    while size := _number(_line(stream).partition(b";")[0].strip(), 16):
        body = _within_limit(body + _exactly(stream, size))
        _line(stream)
    _headers(stream)  # what may follow the last chunk
    return body


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise BrokenAnswerError("the answer broke off")
    return line.rstrip(b"\r\n")


def _exactly(stream: BufferedIOBase, size: int) -> bytes:
    if size > MOST_BYTES:
        raise QueueError("the answer is too large")
    body = stream.read(size)
    if len(body) < size:
        raise BrokenAnswerError("the answer broke off")
    return body


def _within_limit(body: bytes) -> bytes:
    if len(body) > MOST_BYTES:
        raise QueueError("the answer is too large")
    return body


def _number(digits: bytes, base: int) -> int:
    try:
        # int() also takes signs, blanks and underscores.
        return int(digits, base) if digits.isalnum() else int("")
    except ValueError:
        raise BrokenAnswerError("no HTTP") from None
