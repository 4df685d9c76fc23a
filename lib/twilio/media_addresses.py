"""Where media are fetched: with our credentials from Twilio, without them from its storage.

Sources: Twilio, "Media resource"; redirects seen in the wild. Media lie at hosts of twiliocdn.com,
those of accounts without authentication of media in a bucket of S3, under a host of every bucket.
"""

import re
from urllib.parse import urljoin, urlsplit

from lib import loopback

API = "https://api.twilio.com"

_SID = "[0-9a-fA-F]{32}"
_PORTS = {"http": 80, "https": 443}
_CDN = re.compile(r"(?:[a-z0-9-]+\.)+twiliocdn\.com(?::443)?")
_S3 = re.compile(r"s3-external-1\.amazonaws\.com(?::443)?")
# Of ASCII what is seen, without the backslash, which parsers of URLs differ about.
_SOUND = re.compile(r"[!-\[\]-~]{1,4096}")


class MediaAddresses:
    """The addresses of one account's media; ``base_url`` replaces that of Twilio's API.

    Where the API is played on this machine, so is the storage, by the same server.
    """

    def __init__(self, account_sid: str, base_url: str = "") -> None:
        base = urlsplit(base_url or API)
        self._scheme, self._port = base.scheme, base.port or _PORTS.get(base.scheme)
        self._is_local = base.hostname in loopback.HOSTS
        netloc = base.netloc.lower().removesuffix(f":{_PORTS.get(base.scheme)}")
        account = re.escape(account_sid)
        self._medium = re.compile(
            re.escape(f"{base.scheme}://{netloc}{base.path.rstrip('/')}")
            + f"/2010-04-01/Accounts/{account}/Messages/(?:MM|SM){_SID}/Media/ME{_SID}"
        )
        self._folder = re.compile(rf"/media\.twiliocdn\.com/{account}(?:/[\w-]+)+", re.ASCII)

    def is_medium(self, url: str) -> bool:
        """Whether a URL is of a medium of ours: the only ones that credentials are sent to.

        It is compared by letters, so that no two readings of a URL can differ.
        """
        return bool(self._medium.fullmatch(url))

    def is_storage(self, url: str) -> bool:
        """Whether a medium may be fetched from there, without credentials."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme)
        except ValueError:
            return False
        if not _SOUND.fullmatch(url) or "@" in parts.netloc:
            return False
        if self._is_local:
            same = (parts.scheme, port) == (self._scheme, self._port)
            return same and parts.hostname in loopback.HOSTS
        host = parts.netloc.lower()
        in_s3 = _S3.fullmatch(host) and self._folder.fullmatch(parts.path)
        return parts.scheme == "https" and bool(_CDN.fullmatch(host) or in_s3)


def redirected(url: str, location: str) -> str:
    """Return where a redirect from ``url`` leads; as it is if that is nowhere."""
    try:
        return urljoin(url, location) if _SOUND.fullmatch(location) else location
    except ValueError:
        return location


def host_of(url: str) -> str:
    """The host of a URL, as it may be told: paths and queries hold secrets."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.encode("ascii", "backslashreplace").decode()[:100]
