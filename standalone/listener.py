"""Listening sockets, and serving from one with waitress."""

import errno
import socket
from typing import TYPE_CHECKING

from standalone.connections import Server, most_connections

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ARRIVAL = 15.0
"""Seconds in which a request must be there as a whole: what Twilio itself waits for an answer."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections from now on.

    Raises:
        OSError: the address cannot be had; it is named with the way out.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        # Python words it anew, with the address in it; the system's own error came before.
        first = error.__context__ if isinstance(error.__context__, OSError) else error
        raise OSError(f"{host}:{port}: {first.strerror}; {_way_out(first)}") from None


def _way_out(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "set PORT to another one, or end the program that has it"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return "set PORT to one above 1023: those below are for root"
    return "set HOST to an address of this machine, such as 127.0.0.1"


def address(listener: socket.socket) -> str:
    """Return the URL of a socket, without a slash at its end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_on(
    listener: socket.socket,
    app: "WSGIApplication",
    *,
    threads: int,
    largest_request: int,
    arrival: float = ARRIVAL,
) -> Server:
    """Return a server that answers with the app once it runs; bodies are limited in bytes."""
    return Server(
        app,
        listener,
        most=most_connections(),
        arrival=arrival,
        threads=threads,
        max_request_body_size=largest_request,
        # Bytes; Twilio's are one thousand or so.
        max_request_header_size=64 * 1024,
        # Of an answer that nobody takes; seconds, as is the time between two looks.
        channel_timeout=max(1, int(arrival)),
        cleanup_interval=1,
        # The other way cannot watch descriptors of 1024 and more.
        asyncore_use_poll=True,
        # Who came through a proxy must be seen: see lib.twilio.locality.
        clear_untrusted_proxy_headers=False,
        # A stream of events must notice that its page is gone.
        channel_request_lookahead=1,
        ident=None,
    )
