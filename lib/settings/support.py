"""Which humans take over from an assistant, and when they are there."""

from base64 import b64decode
from dataclasses import dataclass, field

from lib.settings.reader import Settings

SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with, and none
"""How secrets of the Standard Webhooks begin: what follows is base64."""

_LEAST_BYTES = 24
_LONGEST_CONTACT = 500


@dataclass(frozen=True, slots=True)
class SupportSettings:
    """``url`` is told what people say who ask for a human, signed with the bytes of ``key``.

    ``contact`` is a sentence about where humans are found otherwise. ``hours`` and ``timezone`` are
    those of the humans, as for an assistant.
    """

    url: str = ""
    key: bytes = field(default=b"", repr=False)
    contact: str = ""
    hours: str = ""
    timezone: str = ""

    @property
    def is_set(self) -> bool:
        """Whether there is anything to say of humans."""
        return bool(self.url or self.contact)


def read(settings: Settings) -> SupportSettings:
    """Read the settings; what contradicts another one is noted as wrong."""
    url, secret = settings.url("HANDOVER_URL"), settings.secret("HANDOVER_SECRET")
    if url.startswith("http:") and not settings.is_loopback("HANDOVER_URL"):
        settings.refuse(
            "HANDOVER_URL", "must begin with https://: what people write would travel open"
        )
    if url and not secret:
        settings.refuse("HANDOVER_SECRET", f"is needed beside HANDOVER_URL: {_FORM}")
    hours, timezone = settings.text("HUMAN_HOURS"), settings.text("HUMAN_TIMEZONE")
    if hours and not timezone:
        settings.refuse("HUMAN_TIMEZONE", "is needed beside HUMAN_HOURS: one like Europe/Berlin")
    return SupportSettings(url, _key(settings, secret), _contact(settings), hours, timezone)


_FORM = f"{SECRET_PREFIX} and at least {_LEAST_BYTES} random bytes in base64"


def _key(settings: Settings, secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:  # which binascii's is, too
        key = b""
    if secret and (not secret.startswith(SECRET_PREFIX) or len(key) < _LEAST_BYTES):
        settings.refuse("HANDOVER_SECRET", f"must be {_FORM}")
    return key


def _contact(settings: Settings) -> str:
    contact = settings.title("HUMAN_CONTACT")
    if len(contact) > _LONGEST_CONTACT:
        settings.refuse("HUMAN_CONTACT", f"must have at most {_LONGEST_CONTACT} characters")
    return contact
