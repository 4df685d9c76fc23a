"""A server of waitress that slow, idle and ambiguous connections cannot keep from others.

Waitress takes any number of seconds for a request, as long as a byte comes now and then, and
listens no more once it has its number of connections. Here a request has a time to arrive in,
and where there is no room left the connection that has kept its place longest without asking
anything makes it. Nobody who is being answered is cut off.
"""

import errno
import logging
import resource
import socket
import time
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, get_header_lines
from waitress.server import TcpWSGIServer

MOST_CONNECTIONS = 1000
"""At a time, if the system grants twice as many descriptors: the other half is for answering."""

_LEAST_CONNECTIONS = 16
_PAUSE = 0.2
_SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_ALONE = (b"content-length", b"transfer-encoding", b"host")
_log = logging.getLogger(__name__)


def most_connections() -> int:
    """Return how many connections may be open at a time."""
    granted, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if granted == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(_LEAST_CONNECTIONS, min(MOST_CONNECTIONS, granted // 2))


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Takes no request whose end two servers could see in different places.

    Source: RFC 9112, sections 3.2, 5.2 and 6.3, and its warning of request smuggling in 11.2.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request, which is refused and its connection closed if unclear."""
        super().parse_header(header_plus)
        if b"\r\n " in header_plus or b"\r\n\t" in header_plus:
            raise ParsingError("A header goes on in another line")
        lines = get_header_lines(header_plus.partition(b"\r\n")[2])
        headers = [
            (name.lower(), value) for name, _, value in (one.partition(b":") for one in lines)
        ]
        names = [name for name, _ in headers]
        if any(names.count(name) > 1 for name in _ALONE):
            raise ParsingError("A length, a coding or a host is given twice")
        coding = dict(headers).get(b"transfer-encoding")
        if coding is None:
            return
        if b"content-length" in names:
            raise ParsingError("Both a length and a transfer coding are given")
        if self.version != "1.1" or coding.strip(b" \t").lower() != b"chunked":
            raise ParsingError("A transfer coding that is not chunked, or not of HTTP/1.1")


class Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """A connection that knows since when it is waited for."""

    parser_class = Parser

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.since = time.monotonic()
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        """Take what came; a request's time begins with its first byte."""
        before = self.request
        taken: bool = super().received(data)
        if self.request is not before:
            self.since = time.monotonic()
        return taken

    def service(self) -> None:
        """Answer, after which the wait for the next request begins."""
        super().service()
        self.since = time.monotonic()

    @property
    def is_answered(self) -> bool:
        """Whether somebody works on an answer for it, or the answer is on its way."""
        return bool(self.requests or self.total_outbufs_len)


class Server(TcpWSGIServer):  # type: ignore[misc]  # as above
    """Answers with an app on a socket that listens already.

    ``most`` is how many connections may be open at a time, ``arrival`` how many seconds
    a whole request may take, and an idle connection may wait.
    """

    channel_class = Channel

    def __init__(
        self, app: Any, listener: socket.socket, *, most: int, arrival: float, **more: Any
    ) -> None:
        self.most, self.arrival = most, arrival
        self._paused_until = 0.0
        self._is_stopping = False
        super().__init__(
            app,
            map={},
            _sock=listener,
            # Waitress' own limit is above: it would listen to nobody once it is reached.
            adj=Adjustments(sockets=[listener], connection_limit=most + 16, **more),
            bind_socket=False,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
        )

    def stop(self) -> None:
        """Let ``run`` end, once the answers in hand are given; for a handler of signals, too."""
        self._is_stopping = True
        self.pull_trigger()

    def readable(self) -> bool:
        """Whether somebody new is let in now.

        Raises:
            SystemExit: ``stop`` was called. It is asked for between two connections' turns.
        """
        if self._is_stopping:
            raise SystemExit(0)
        listens = bool(super().readable())
        if len(self.active_channels) >= self.most:
            self._make_room()
            return False
        return listens and time.monotonic() >= self._paused_until

    def accept(self) -> Any:
        """Return a new connection, or None; where the system has none to give, one is closed."""
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in _SHORTAGES:
                raise
            # It would be asked for again at once, and for ever.
            self._paused_until = time.monotonic() + _PAUSE
            _log.warning("no descriptor left for a connection", extra={"reason": error.strerror})
            self._make_room()
            return None

    def maintenance(self, now: float) -> None:
        """Close whom no request came from in time, and who does not take an answer."""
        super().maintenance(now)
        oldest = time.monotonic() - self.arrival
        for channel in list(self.active_channels.values()):
            if not channel.is_answered and channel.since < oldest:
                channel.will_close = True

    def _make_room(self) -> None:
        """Have the connection closed that has waited longest, unless all are being answered.

        Not at once: its descriptor could be somebody else's before this round of looks is over.
        """
        channels = list(self.active_channels.values())
        waiting = [one for one in channels if not one.is_answered]
        if waiting and not any(one.will_close for one in channels):
            min(waiting, key=lambda channel: channel.since).will_close = True
