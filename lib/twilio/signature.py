"""Proof that a request comes from our Twilio account.

Rules: Twilio, "Webhooks security" and "Webhook shared keys". The signature is the base64 of an
HMAC over the URL as it was configured at Twilio, followed by every parameter's name and value.
"""

import base64
import hashlib
import hmac
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit

from lib.errors import SignatureError
from lib.twilio.refusals import RefusalCount
from lib.twilio.request import EMPTY_FORM, Form, HttpRequest

_DEFAULT_PORTS = {"https": 443, "http": 80}
_log = logging.getLogger(__name__)


class WrongSignatureError(SignatureError):
    """There is a signature, and it is not the one that our token gives."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """The lock of one public endpoint. With ``enabled`` false it is open to this machine only.

    ``auth_tokens`` are the primary and, during a rotation, the secondary one. ``shared_key``
    is needed for SHA-256 signatures. ``public_url`` is the URL that Twilio was given; the
    host the request names is tried after it. ``service`` is the function's name, which
    Google's front end takes off the path. ``refused`` counts who was not let in.
    """

    account_sid: str = ""
    auth_tokens: tuple[str, ...] = field(default=(), repr=False)
    shared_key: str = field(default="", repr=False)
    public_url: str = ""
    service: str = ""
    enabled: bool = True
    refused: RefusalCount = field(default_factory=RefusalCount, repr=False)

    def check(self, request: HttpRequest, form: Form | None) -> None:
        """Return if the request is proven to come from our account.

        ``form`` is None where the body is not a form: then the body's hash must be signed.

        Raises:
            SignatureError: it is not.
        """
        if self.enabled:
            self._check_signature(request, form)
        else:
            _check_local(request)
        claimed = form.get("AccountSid") if form else ""
        if claimed and self.account_sid and claimed != self.account_sid:
            raise SignatureError("another account")

    def _check_signature(self, request: HttpRequest, form: Form | None) -> None:
        given = request.signature.encode("utf-8", "replace")
        if not given:
            raise SignatureError("no signature")
        if form is None and not _body_hash_matches(request):
            raise SignatureError("the body is not signed")
        signed = form or EMPTY_FORM
        for number, url in enumerate(self._candidates(request)):
            base = _base(url, signed)
            for key, digest in self._keys(request):
                if hmac.compare_digest(_signature(key, base, digest), given):
                    _log.debug("signature matches", extra={"candidate": number})
                    return
        raise WrongSignatureError("wrong signature")

    def explanation(self, request: HttpRequest, form: Form | None) -> dict[str, str]:
        """Return what a wrong signature was checked against, and its likeliest cause."""
        # Seldom needed, and never where a start counts.
        from lib.twilio.diagnosis import Suspect, explained  # noqa: PLC0415 - as said

        signed, given = form or EMPTY_FORM, request.signature.encode("utf-8", "replace")
        parameters = _parameters(signed)
        keys = list(self._keys(request))

        def matches(url: str) -> bool:
            base = _encoded(url + parameters)
            return any(hmac.compare_digest(_signature(key, base, one), given) for key, one in keys)

        account = signed.get("AccountSid")
        shared = bool(self.shared_key)
        suspect = Suspect(request, self.public_url, account, self.account_sid, shared)
        return explained(suspect, matches)

    def _keys(self, request: HttpRequest) -> Iterator[tuple[str, str]]:
        # The header chooses among the keys we hold; it can never bring a weaker one about.
        if "HMAC_SHA256" in request.signature_settings.upper():
            if self.shared_key:
                yield self.shared_key, "sha256"
            return
        for token in self.auth_tokens:
            yield token, "sha1"

    def _candidates(self, request: HttpRequest) -> Iterator[str]:
        for url in self._urls(request):
            yield from _with_and_without_port(url)

    def _urls(self, request: HttpRequest) -> Iterator[str]:
        query = f"?{request.query}" if request.query else ""
        if self.public_url:
            configured = self.public_url.partition("#")[0]
            yield configured if "?" in configured else configured + query
        if request.host:
            path = request.path or "/"
            yield f"https://{request.host}{path}{query}"
            if self.service:
                tail = "" if path == "/" else path
                yield f"https://{request.host}/{self.service}{tail}{query}"


def _check_local(request: HttpRequest) -> None:
    # Not loaded where signatures are checked: that is, wherever the start counts.
    from lib.twilio.locality import refusal  # noqa: PLC0415 - as above

    reason = refusal(request.headers, request.host, "POST")
    if reason:
        raise SignatureError(reason)


def _base(url: str, form: Form) -> bytes:
    return _encoded(url + _parameters(form))


def _parameters(form: Form) -> str:
    return "".join(name + value for name, value in sorted(set(form.pairs)))


def _encoded(base: str) -> bytes:
    return base.encode("utf-8", "surrogatepass")


def _signature(key: str, base: bytes, digest: str) -> bytes:
    return base64.b64encode(hmac.digest(key.encode(), base, digest))


def _body_hash_matches(request: HttpRequest) -> bool:
    claimed = parse_qs(request.query).get("bodySHA256", [""])[0]
    actual = hashlib.sha256(request.body).hexdigest()
    return hmac.compare_digest(claimed.lower().encode(), actual.encode())


def _with_and_without_port(url: str) -> Iterator[str]:
    """The URL as it is, then with its port taken off or the default one put in."""
    yield url
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return
    if not parts.hostname:
        return
    if port is None:
        yield _at(parts, f"{parts.netloc}:{_DEFAULT_PORTS.get(parts.scheme, 443)}", url)
    else:
        yield _at(parts, parts.netloc.rpartition(":")[0], url)


def _at(parts: SplitResult, netloc: str, url: str) -> str:
    # Replaced in the text, since splitting and joining a URL may change its letters.
    return url.replace(f"//{parts.netloc}", f"//{netloc}", 1)
