"""What a first request takes, loaded ahead, while a process has descriptors left."""

import codecs
import contextlib
import socket
from urllib.parse import urlsplit

from lib.web.errors import UnusableError
from lib.web.proxy import proxy_for
from lib.web.trust import trusted

# What names, headers, bodies and lengths are counted in. One that could not be loaded at first use
# is unknown to Python for ever.
_ENCODINGS = ("ascii", "cp1252", "idna", "latin-1", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le")


def load_ahead() -> None:
    """Load what a first request takes: certificates, encodings, the system's resolver."""
    trusted()
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    with contextlib.suppress(OSError, UnusableError):
        proxy_for(urlsplit("https://localhost"))
        socket.getaddrinfo("localhost", 443)
