"""Which proxy the environment names for a server (``https_proxy``, ``no_proxy`` and the like)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from lib.web.errors import UnusableError


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the headers that log in to it."""

    url: str
    headers: Mapping[str, str]


def proxy_for(origin: SplitResult) -> Proxy | None:
    """Return the proxy for a server, as the environment is now; None where there is none.

    Raises:
        UnusableError: what is named is of a kind that we do not use.
    """
    named = _named(origin.scheme, origin.hostname or "")
    if not named:
        return None
    proxy = urlsplit(named if "//" in named else f"http://{named}")
    if proxy.scheme != "http" or not proxy.hostname:
        raise UnusableError("proxy")
    return Proxy(f"http://{proxy.netloc.rpartition('@')[2]}", _login(proxy))


def basic(user: str, word: str) -> str:
    """The header's value that logs in with a name and a password (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()


def _named(scheme: str, host: str) -> str:
    # Once for a server, and not to start with: it loads more of the standard library.
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - as said

    known: Mapping[str, str] = getproxies()
    proxy = known.get(scheme) or known.get("all") or ""
    return "" if not proxy or proxy_bypass(host) else proxy


def _login(proxy: SplitResult) -> Mapping[str, str]:
    if proxy.username is None:
        return {}
    return {"Proxy-Authorization": basic(unquote(proxy.username), unquote(proxy.password or ""))}
