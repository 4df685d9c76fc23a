"""How a server is reached: directly, or through a proxy that the environment names; with TLS."""

import base64
import codecs
import contextlib
import errno
import io
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import SplitResult, unquote, urlsplit

from lib.shortage import has_descriptors
from lib.web.answer import read_head
from lib.web.errors import ExchangeError, UnusableError
from lib.web.wire import Wire

_PORTS = {"http": 80, "https": 443}
_OK = 200
# What names, headers, bodies and lengths are counted in. One that could not be loaded at first use
# is unknown to Python for ever.
_ENCODINGS = ("ascii", "cp1252", "idna", "latin-1", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le")


@dataclass(frozen=True, slots=True)
class Way:
    """To one server.

    ``address`` is who is connected to, ``tunnel`` who a proxy is to connect us to, ``tls`` whose
    certificate is asked for. ``login`` is for the proxy, in ``headers`` where it sees each request,
    whose path then has ``prefix`` before it.
    """

    address: tuple[str, int]
    tls: str = ""
    tunnel: str = ""
    prefix: str = ""
    login: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> Mapping[str, str]:
        """What each request has to say on this way."""
        return {} if self.tunnel else self.login


class Ways:
    """Finds ways, and goes them."""

    def __init__(self, *, proxies: bool = True) -> None:
        self._proxies = proxies

    def find(self, origin: SplitResult) -> Way:
        """Return the way to a server, as the environment is now.

        Raises:
            UnusableError: the proxy that is named is none that we know how to use.
        """
        host, port = origin.hostname or "", origin.port or _PORTS[origin.scheme]
        tls = host if origin.scheme == "https" else ""
        proxy = _proxy(origin.scheme, host) if self._proxies else ""
        if not proxy:
            return Way((host, port), tls)
        there = urlsplit(proxy if "//" in proxy else f"http://{proxy}")
        if there.scheme != "http" or not there.hostname:
            raise UnusableError("proxy")
        address, login = (there.hostname, there.port or _PORTS["http"]), _login(there)
        if tls:
            return Way(address, tls, tunnel=f"{host}:{port}", login=login)
        return Way(address, prefix=f"http://{origin.netloc}", login=login)

    def connect(self, way: Way, seconds: float) -> socket.socket:
        """Go a way to its end.

        Raises:
            OSError, ExchangeError: it leads nowhere.
        """
        deadline = time.monotonic() + seconds
        connected = socket.create_connection(way.address, seconds)
        try:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if way.tunnel:
                _open_tunnel(connected, way, deadline)
            if way.tls:
                connected.settimeout(max(deadline - time.monotonic(), 0.001))
                return _trusted().wrap_socket(connected, server_hostname=way.tls)
        except BaseException:
            connected.close()
            raise
        return connected


def load_ahead() -> None:
    """Load what a first way to anybody takes: certificates, encodings, the system's resolver."""
    _trusted()
    _proxy("https", "localhost")
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    with contextlib.suppress(OSError):
        socket.getaddrinfo("localhost", _PORTS["https"])


def basic(user: str, word: str) -> str:
    """The header's value that logs in with a name and a password (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()


_trust_lock = threading.Lock()


def _trusted() -> ssl.SSLContext:
    """Return what this process trusts, for all its clients: to read it costs more than a turn."""
    with _trust_lock:
        return _read_trust(ssl.get_default_verify_paths())


@cache
def _read_trust(_paths: ssl.DefaultVerifyPaths) -> ssl.SSLContext:
    trust = ssl.create_default_context()
    if not trust.cert_store_stats()["x509"]:
        if not has_descriptors():
            # Files that could not be opened are passed over in silence: this must not be kept.
            raise OSError(errno.EMFILE, "no certificates could be read")
        _trust_certifi(trust)
    return trust


def _trust_certifi(trust: ssl.SSLContext) -> None:
    # The system has no certificates in one file, as on some Macs.
    try:
        import certifi  # noqa: PLC0415 - seldom needed, and perhaps not there
    except ImportError:
        return
    trust.load_verify_locations(certifi.where())


def _proxy(scheme: str, host: str) -> str:
    # Loads the standard library's whole HTTP client: once for a server, and not to start with.
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - as said

    known: Mapping[str, str] = getproxies()
    proxy = known.get(scheme) or known.get("all") or ""
    return "" if not proxy or proxy_bypass(host) else proxy


def _login(proxy: SplitResult) -> Mapping[str, str]:
    if proxy.username is None:
        return {}
    return {"Proxy-Authorization": basic(unquote(proxy.username), unquote(proxy.password or ""))}


def _open_tunnel(connected: socket.socket, way: Way, deadline: float) -> None:
    # Over a descriptor of its own: a wire closes what it was given when it is done with.
    wire = Wire(connected.dup())
    wire.deadline = deadline
    lines = [f"CONNECT {way.tunnel} HTTP/1.1", f"Host: {way.tunnel}"]
    lines += [f"{name}: {value}" for name, value in way.login.items()]
    wire.send_all("\r\n".join([*lines, "", ""]).encode())
    # Byte by byte: what follows the head belongs to TLS.
    _, status, _ = read_head(io.BufferedReader(wire, 1))
    if status != _OK:
        raise ExchangeError("the proxy refused")
