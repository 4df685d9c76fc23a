"""Why a signature is wrong, as far as that can be found out: a help for who sets things up.

Twilio signs the URL as it was typed into its console. Where a variant of ours has the signature
that was given, our own token has proven what was typed; nothing is let in by it.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import SplitResult, urlsplit

from lib.twilio.request import HttpRequest

_MOST_BYTES = 32 * 1024
"""Of a body that variants are tried on: each of some hundred costs a hash of it all."""

_DIGESTS = {20: "sha1", 32: "sha256"}
_PUBLIC = ("/whatsapp/webhook", "/whatsapp/status")
_FORWARDED = frozenset({"x-forwarded-host", "x-original-host"})
_LONGEST = 200

Matches = Callable[[str], bool]
"""Whether a URL, with the parameters of the request, has the signature that was given."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A request whose signature is wrong, and what it was checked with."""

    request: HttpRequest
    public_url: str
    claimed_account: str
    account: str
    has_shared_key: bool

    @property
    def setting(self) -> str:
        """The setting that holds the URL."""
        is_status = self.request.path.rstrip("/").endswith("status")
        return "TWILIO_STATUS_CALLBACK_URL" if is_status else "TWILIO_WEBHOOK_URL"

    @property
    def checked(self) -> str:
        """The URL that the signature was checked against first."""
        request = self.request
        return self.public_url.partition("#")[0] or f"https://{request.host}{request.path}"


def explained(suspect: Suspect, matches: Matches) -> dict[str, str]:
    """Return the URL that was checked and the likeliest cause, without anything secret."""
    return {"checked_url": shown(suspect.checked), "cause": _cause(suspect, matches)}


def shown(url: str) -> str:
    """A URL without name, password and query, which may hold secrets, and not too long."""
    parts = _split(url)
    query = "?..." if parts.query else ""
    return f"{parts.scheme}://{_bare(parts)}{parts.path}{query}"[:_LONGEST]


def _cause(suspect: Suspect, matches: Matches) -> str:
    by_kind = _cause_by_kind(suspect)
    if by_kind:
        return by_kind
    found, setting = _signed_url(suspect, matches), suspect.setting
    if found and suspect.public_url:
        return (
            f"Twilio was given {shown(found)}, with another {_difference(suspect.checked, found)}:"
            f" {setting} must be the same, to the letter"
        )
    if found:
        return f"{setting} is not set: set it to {shown(found)}, which Twilio was given"
    return _likeliest(suspect)


def _cause_by_kind(suspect: Suspect) -> str:
    """What the kind of signature tells by itself; empty if nothing."""
    digest = _digest_of(suspect.request.signature)
    if not digest:
        return "what was given is no signature of Twilio's: it was not Twilio that asked"
    by_shared_key = "HMAC_SHA256" in suspect.request.signature_settings.upper()
    if by_shared_key and not suspect.has_shared_key:
        return "signed with a shared key: set TWILIO_WEBHOOK_SHARED_KEY"
    if digest == "sha256" and not by_shared_key:
        return "signed with a shared key, and a proxy took off the header that says so"
    return ""


def _likeliest(suspect: Suspect) -> str:
    """What it is where no URL near ours was signed with our token."""
    if suspect.claimed_account and suspect.claimed_account != suspect.account:
        return (
            "it is of another account than TWILIO_ACCOUNT_SID, which signs with its own token: "
            "a subaccount, or another account's sandbox"
        )
    if not suspect.public_url:
        return f"{suspect.setting} is not set: set it to what Twilio was given, to the letter"
    return (
        "TWILIO_AUTH_TOKEN is not the primary token of this account, or Twilio was given a URL "
        f"that has little in common with {suspect.setting}; or it was not Twilio that asked"
    )


def _digest_of(signature: str) -> str:
    try:
        return _DIGESTS.get(len(base64.b64decode(signature, validate=True)), "")
    except (binascii.Error, ValueError):
        return ""


def _signed_url(suspect: Suspect, matches: Matches) -> str:
    if len(suspect.request.body) > _MOST_BYTES:
        return ""
    return next(filter(matches, _variants(suspect)), "")


def _variants(suspect: Suspect) -> Iterator[str]:
    """The URLs that are near those we know: in scheme, host, port, path, slash and query."""
    request, known = suspect.request, _split(suspect.checked)
    forwarded = [value for name, value in request.headers if name.lower() in _FORWARDED]
    named = [known.netloc, _bare(known), request.host, *forwarded]
    hosts = dict.fromkeys(other for one in named if one for other in _hosts(one))
    paths = dict.fromkeys(
        other
        for one in (known.path, request.path, *_PUBLIC, "")
        for other in (one, one.rstrip("/"), f"{one.rstrip('/')}/")
    )
    queries = dict.fromkeys(f"?{one}" if one else "" for one in ("", request.query, known.query))
    for scheme, host, path, query in product(("https", "http"), hosts, paths, queries):
        yield f"{scheme}://{host}{path}{query}"


def _hosts(netloc: str) -> Iterator[str]:
    """A host as it is, without its port, with the usual ones, and in small letters."""
    name = netloc.rpartition(":")[0] if netloc.rpartition(":")[2].isdigit() else netloc
    yield from (netloc, name, f"{name}:443", f"{name}:80", netloc.lower(), name.lower())


def _difference(ours: str, found: str) -> str:
    mine, other = _split(ours), _split(found)
    differs = {
        "scheme": mine.scheme != other.scheme,
        "host": (mine.hostname or "") != (other.hostname or ""),
        "port": _port(mine) != _port(other),
        "slash at the end": mine.path != other.path
        and mine.path.rstrip("/") == other.path.rstrip("/"),
        "path": mine.path.rstrip("/") != other.path.rstrip("/"),
        "query": mine.query != other.query,
    }
    return " and ".join(name for name, is_so in differs.items() if is_so) or "spelling"


def _port(parts: SplitResult) -> str:
    port = parts.netloc.rpartition("@")[2].rpartition(":")[2]
    return port if port.isdigit() else ""


def _bare(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
