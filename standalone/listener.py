"""Serving from a listening socket with waitress."""

import socket
from typing import TYPE_CHECKING

from standalone.connections import Server, most_connections

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ARRIVAL = 15.0
"""Seconds in which a request must be there as a whole: what Twilio itself waits for an answer."""


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
