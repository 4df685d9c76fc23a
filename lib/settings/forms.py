"""The forms of settings: what a value must look like, and where the right one is found.

Values are never repeated: a complaint may end up in a log, and a value may be a secret. Sources:
the patterns of SIDs in Twilio's OpenAPI documents; RFC 3986 for URLs; E.164 for numbers.
"""

import re
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from lib import loopback
from lib.address import is_phone, parse_address
from lib.errors import AddressError

TEST_ACCOUNT = "test_account_sid"
"""The word that stands for an account in a file of settings for tests: Twilio is played then."""

CONSOLE = "https://console.twilio.com"


class Sid(NamedTuple):
    """A kind of Twilio's identifiers: its letters, what it names, where the console shows it."""

    prefix: str
    names: str
    where: str


SIDS = {
    "TWILIO_ACCOUNT_SID": Sid("AC", "an account", f"it stands at the top of {CONSOLE}"),
    "TWILIO_API_KEY_SID": Sid(
        "SK", "an API key", f"it stands at {CONSOLE} under Account, API keys & tokens"
    ),
    "TWILIO_KNOCK_CONTENT_SID": Sid(
        "HX", "a content template", f"it stands at {CONSOLE} under Messaging, Content Template"
    ),
}
WHERE = {
    **{name: sid.where for name, sid in SIDS.items()},
    "TWILIO_AUTH_TOKEN": f"it stands beside the account SID at {CONSOLE}",
    "TWILIO_WHATSAPP_NUMBER": "your WhatsApp sender, or the sandbox's whatsapp:+14155238886: "
    f"at {CONSOLE} under Messaging, Senders",
}
"""Where the settings of an account are found."""

# Those of other things, which are pasted in their place.
_KINDS = {sid.prefix: sid.names for sid in SIDS.values()} | {
    "MG": "a Messaging Service",
    "PN": "a phone number",
    "XE": "a sender",
    "SM": "a message",
}
_ANY_SID = re.compile(r"([A-Z]{2})[0-9a-fA-F]{32}")
# What examples and instructions have where a value belongs.
_PLACEHOLDER = re.compile(
    r"(?i)your([ _-].*|)|<.*>|\{.*\}|\[.*\]|\$\{?\w+\}?|([A-Z]{2}|(\w{2,4}-){1,2})?[x*.\u2026]{3,}|"
    r".*(\.{3}|\u2026)|(change|replace|fill)[ _-]?(me|this|in)|placeholder|to[ -]?do"
)
_EXAMPLE_HOST = re.compile(
    r"(?i)<[^<>]*>|\{[^{}]*\}|://(?:[^/]*\.)?(?:x{3,}|\.{3}|your[-_ ]?(?:app|assistant|company|"
    r"domain|gateway|host|id|name|project|server|tunnel|url))(?:[-_./:]|$)"
)

_PRIVATE_NAMES = ("local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private")
"""Endings of names that nobody finds from outside (RFC 6762, appendix G; ICANN's list)."""

_PLUS = re.compile(r"(?i)\s*(whatsapp:)?\s*(\+|00)")
_NO_PART_OF_A_URL = re.compile(r"""[\s\x00-\x1f\x7f<>"'{}|\\^`]""")
_LONGEST_URL = 2048


def sid_complaint(name: str, value: str) -> str:
    """Return what is wrong with a SID; empty if nothing is."""
    sid = SIDS[name]
    if is_placeholder(value):
        return f"is still the word of an example; {sid.where}"
    found = _ANY_SID.fullmatch(value)
    if found and found[1] == sid.prefix:
        return ""
    wrong = f" (this one names {_KINDS[found[1]]})" if found and found[1] in _KINDS else ""
    return f"must be {sid.prefix} and 32 digits or letters from a to f{wrong}; {sid.where}"


def secret_complaint(name: str, value: str) -> str:
    """Return why a text can be no token, key or password; empty if it can."""
    where = f"; {WHERE[name]}" if name in WHERE else ""
    if is_placeholder(value):
        return f"is still the word of an example{where}"
    if _ANY_SID.fullmatch(value):
        return f"is a SID, which is no secret{where}"
    if not value.isascii() or not value.isprintable() or " " in value:
        return f"must be letters, digits and signs without blanks{where}"
    return ""


def is_usual_token(value: str) -> bool:
    """Whether a token looks like those of Twilio, which promises no form."""
    return bool(re.fullmatch("[0-9a-f]{32}", value))


def number_complaint(value: str) -> str:
    """Return what is wrong with the number of a WhatsApp sender; empty if nothing is."""
    where = WHERE["TWILIO_WHATSAPP_NUMBER"]
    found = _ANY_SID.fullmatch(value)
    if found:
        return f"names {_KINDS.get(found[1], 'something else')}, and must be a number; {where}"
    try:
        # A zero in brackets is dialled at home only, and none of the number.
        if _PLUS.match(value) and "(0)" not in value and is_phone(parse_address(value)):
            return ""
    except AddressError:
        pass
    return f"must look like whatsapp:+14155238886, with + and the country's code; {where}"


def url_complaint(value: str) -> str:
    """Return why a text is no absolute URL of the web; empty if it is one."""
    wish = "must be an absolute http or https URL"
    if _EXAMPLE_HOST.search(value):
        return f"is still the address of an example: it {wish} of yours"
    if _NO_PART_OF_A_URL.search(value):
        return f"{wish}, without blanks, quotes and brackets"
    try:
        parts = urlsplit(value)
        sound = parts.scheme in {"http", "https"} and parts.port != 0 and _is_host(parts.hostname)
    except ValueError:
        sound = False
    doubled = "://" in value.partition("://")[2].partition("?")[0]
    return "" if sound and not doubled and len(value) <= _LONGEST_URL else wish


def base_url_complaint(value: str) -> str:
    """Return why nothing can be appended to a URL; empty if a path can."""
    parts = urlsplit(value)
    if "?" in value or "#" in value:
        return "must end before ? and #: paths are appended to it"
    if parts.username is not None:
        return "must be without a name and a password: nobody is logged in with them"
    return ""


def public_url_complaint(value: str, *, other: str, strict: bool) -> str:
    """Return why Twilio cannot call a URL; empty if it can, as far as its form tells.

    ``other`` is how the path of the other public URL ends; not ``strict`` means that something
    plays Twilio. Source: Twilio, "Messages resource" on StatusCallback.
    """
    parts = urlsplit(value)
    host = parts.hostname or ""
    if parts.path.rstrip("/").endswith(other):
        return f"ends in {other}, which is the path of the other URL"
    if strict and _is_private(host):
        return "has a host that is known on your own network only: Twilio cannot reach it"
    if strict and "_" in host:
        return "has an underscore in its host, which Twilio refuses"
    if strict and parts.scheme == "http" and host not in loopback.HOSTS:
        return "must begin with https://: what people write would travel open to everybody"
    return ""


def is_placeholder(value: str) -> bool:
    """Whether a value is what examples write where one belongs."""
    return bool(_PLACEHOLDER.fullmatch(value))


def path_complaint(value: str) -> str:
    """Return what is wrong with the path of the assistant API; empty if nothing is."""
    if not value.startswith("/"):
        return "must start with a slash"
    if _NO_PART_OF_A_URL.search(value.replace("{assistant_id}", "")):
        return "must be a path, with {assistant_id} where the assistant's id belongs"
    return ""


def bind_complaint(value: str) -> str:
    """Return why a server cannot listen on a host; empty if it may."""
    wish = "must be an address or a name of this machine, such as 127.0.0.1"
    if re.fullmatch(r"[^:]*:\d+", value):
        return f"{wish}: the port is set by PORT"
    return "" if re.fullmatch(r"[\w.-]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\w+)?", value) else wish


def _is_private(host: str) -> bool:
    """Whether a host, if it is no loopback, is one that only its own network knows."""
    try:
        return not (ip_address(host).is_global or ip_address(host).is_loopback)
    except ValueError:
        labels = host.removesuffix(".").lower().split(".")
        return host not in loopback.HOSTS and (len(labels) == 1 or labels[-1] in _PRIVATE_NAMES)


def _is_host(host: str | None) -> bool:
    labels = (host or "").removesuffix(".").split(".")
    return ":" in (host or "") or all(
        label and not label.startswith("-") and not re.search(r"[,;:@%&=()!*+]", label)
        for label in labels
    )
