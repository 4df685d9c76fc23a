"""Reading single settings: each with its type, every complaint collected for one report."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from lib.errors import ConfigurationError

_TRUE = frozenset({"1", "true", "yes", "on"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names that a process has for its own machine."""

_FALSE = frozenset({"0", "false", "no", "off"})


class Settings:
    """The environment as typed values. What is wrong is noted and told by ``check``."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._complaints: list[str] = []

    def refuse(self, name: str, reason: str) -> None:
        """Note that a setting cannot stay as it is. The value is never repeated."""
        self._complaints.append(f"{name} {reason}")

    def check(self) -> None:
        """Raise a ConfigurationError with every complaint, one a line, if there are any."""
        if self._complaints:
            raise ConfigurationError("\n".join(self._complaints))

    def text(self, name: str, default: str = "") -> str:
        """A text without blanks around it; empty counts as not set."""
        return self._environ.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        """A yes or no."""
        word = self.text(name).lower()
        if word and word not in _TRUE | _FALSE:
            self.refuse(name, "must be true or false")
        return word in _TRUE if word else default

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number within its limits."""
        return int(self._bounded(name, default, low, high, whole=True))

    def seconds(self, name: str, default: float, *, high: float) -> float:
        """A time span, more than 0 and at most ``high`` seconds."""
        return self._bounded(name, default, 0.001, high, whole=False)

    def amount(self, name: str, default: float, *, high: float) -> float:
        """A number from 0 to ``high``."""
        return self._bounded(name, default, 0.0, high, whole=False)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed words; the first is the default."""
        word = self.text(name, allowed[0]).lower()
        if word not in allowed:
            self.refuse(name, "must be one of " + ", ".join(allowed))
        return word

    def url(self, name: str) -> str:
        """An absolute http or https URL, as written: a slash at its end may be signed."""
        raw = self.text(name)
        if raw and not _is_http_url(raw):
            self.refuse(name, "must be an absolute http or https URL")
        return raw

    def base_url(self, name: str) -> str:
        """A URL that paths are appended to, so without a slash at its end."""
        return self.url(name).rstrip("/")

    def is_loopback(self, name: str) -> bool:
        """Whether a URL is of this machine."""
        raw = self.text(name)
        return _is_http_url(raw) and urlsplit(raw).hostname in LOOPBACK

    def host(self, name: str, default: str = "") -> str:
        """The name or address of a server, perhaps with a port."""
        raw = self.text(name, default)
        if raw and ("/" in raw or "@" in raw or not _is_http_url(f"http://{raw}")):
            self.refuse(name, "must be a host, or host:port")
        return raw

    def _bounded(self, name: str, default: float, low: float, high: float, *, whole: bool) -> float:
        raw = self.text(name)
        if not raw:
            return default
        try:
            value = int(raw) if whole else float(raw)
        except ValueError:
            value = high + 1
        if not low <= value <= high:
            self.refuse(name, f"must be a {'whole ' if whole else ''}number, at most {high:g}")
            return default
        return value


def _is_http_url(raw: str) -> bool:
    try:
        parts = urlsplit(raw)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
