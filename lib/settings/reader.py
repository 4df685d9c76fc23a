"""Reading single settings: each with its type, every complaint collected for one report."""

from collections.abc import Mapping

from lib import loopback
from lib.address import parse_address
from lib.errors import ConfigurationError
from lib.settings import forms

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
# Cloud Run's own variables begin so; of those only the service's name is asked for.
_PLATFORM = frozenset({"K_"})
_QUOTES = frozenset({'"', "'", "\u201c", "\u2018", "\u201d", "\u2019", "\u00ab"})


class Settings:
    """The environment as typed values. What is wrong is noted and told by ``check``."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._complaints: list[str] = []
        self._asked: set[str] = set()

    @property
    def names(self) -> frozenset[str]:
        """The names of all settings that were asked for."""
        return frozenset(self._asked)

    def refuse(self, name: str, reason: str) -> None:
        """Note that a setting cannot stay as it is. The value is never repeated."""
        if not any(one.startswith(f"{name} ") for one in self._complaints):
            self._complaints.append(f"{name} {reason}")

    def check(self) -> None:
        """Raise a ConfigurationError with every complaint, one a line, if there are any."""
        if self._complaints:
            raise ConfigurationError("\n".join(self._complaints))

    def misspelt(self) -> dict[str, str]:
        """Variables that look like a setting and are none, each with the one likely meant."""
        unknown = [name for name in self._environ if name not in self._asked]
        beginnings = {name.partition("_")[0] + "_" for name in self._asked if "_" in name}
        ours = [name for name in unknown if name.startswith(tuple(beginnings - _PLATFORM))]
        if not ours:
            return {}
        from lib.settings import spelling

        unset = [name for name in self._asked if not self._environ.get(name)]
        return spelling.misspelt(ours, unset)

    def text(self, name: str, default: str = "") -> str:
        """A text without blanks around it; empty counts as not set.

        Quotes around it came along with it: a shell and an env file take them off.
        """
        self._asked.add(name)
        value = self._environ.get(name, "").strip()
        if value[:1] in _QUOTES or value[-1:] in _QUOTES:
            self.refuse(name, "has a quote at its beginning or end: leave it out")
            return default
        return value or default

    def beginning_with(self, prefix: str) -> dict[str, str]:
        """Every variable whose name begins so, as it is written."""
        return {name: value for name, value in self._environ.items() if name.startswith(prefix)}

    def sid(self, name: str) -> str:
        """One of Twilio's identifiers, of the kind that the setting is for."""
        value = self.text(name)
        self._note(name, forms.sid_complaint(name, value) if value else "")
        return value

    def account(self, name: str) -> str:
        """The SID of an account, or the word that stands for one in tests."""
        value = self.text(name)
        return value if value == forms.TEST_ACCOUNT else self.sid(name)

    def sender(self, name: str) -> str:
        """The number of a WhatsApp sender, as ``+E164``."""
        value = self.text(name)
        complaint = forms.number_complaint(value) if value else ""
        self._note(name, complaint)
        return parse_address(value) if value and not complaint else ""

    def secret(self, name: str) -> str:
        """A token, a key or a password."""
        value = self.text(name)
        self._note(name, forms.secret_complaint(name, value) if value else "")
        return value

    def word(self, name: str, default: str = "") -> str:
        """The name of a thing elsewhere: one word, and no path."""
        value = self.title(name, default)
        if "/" in value or any(map(str.isspace, value)):
            self.refuse(name, "must be a name without blanks and slashes")
        return value

    def title(self, name: str, default: str = "") -> str:
        """The name of a thing elsewhere, as it is written there."""
        value = self.text(name, default)
        if forms.is_placeholder(value):
            self.refuse(name, "is still the word of an example")
        return value

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
        complaint = forms.url_complaint(raw) if raw else ""
        self._note(name, complaint)
        return "" if complaint else raw

    def public_url(self, name: str, *, other: str, strict: bool) -> str:
        """A URL that Twilio is to call; see ``forms.public_url_complaint``."""
        raw = self.url(name)
        self._note(name, forms.public_url_complaint(raw, other=other, strict=strict) if raw else "")
        return raw

    def base_url(self, name: str) -> str:
        """A URL that paths are appended to, so without a slash at its end."""
        raw = self.url(name)
        self._note(name, forms.base_url_complaint(raw) if raw else "")
        return raw.rstrip("/")

    def path(self, name: str, default: str) -> str:
        """The path of the assistant API."""
        value = self.text(name, default)
        self._note(name, forms.path_complaint(value))
        return value

    def bind(self, name: str) -> str:
        """The address or name that a server listens on."""
        value = self.text(name)
        self._note(name, forms.bind_complaint(value) if value else "")
        return value

    def is_loopback(self, name: str) -> bool:
        """Whether a URL is of this machine."""
        raw = self.text(name)
        return not forms.url_complaint(raw) and loopback.is_loopback(raw)

    def host(self, name: str, default: str = "") -> str:
        """The name or address of a server, perhaps with a port."""
        raw = self.text(name, default)
        if raw and ("/" in raw or "@" in raw or forms.url_complaint(f"http://{raw}")):
            self.refuse(name, "must be a host, or host:port")
        return raw

    def _note(self, name: str, complaint: str) -> None:
        if complaint:
            self.refuse(name, complaint)

    def _bounded(self, name: str, default: float, low: float, high: float, *, whole: bool) -> float:
        raw = self.text(name)
        if not raw:
            return default
        try:
            # Python would read "1_0" and the digits of other scripts.
            plain = raw if raw.isascii() and "_" not in raw else ""
            value = int(plain) if whole else float(plain)
        except ValueError:
            value = high + 1
        if not low <= value <= high:
            kind = "a whole number" if whole else "a number"
            span = (
                f"from {low:.0f} to {high:.0f}" if low in {0, 1} else f"above 0, up to {high:.0f}"
            )
            self.refuse(name, f"must be {kind} {span}")
            return default
        return value
