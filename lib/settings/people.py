"""Who is answered, what people are told of whom they talk to, and which humans take over."""

from typing import NamedTuple

from lib.settings.reader import Settings

SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with, and none
"""How secrets of the Standard Webhooks begin: what follows is base64."""

ACCESS = ("open", "invited", "listed")
"""Whom the gateway answers; the first is the default."""

_LEAST_BYTES = 24
_FORM = f"{SECRET_PREFIX} and at least {_LEAST_BYTES} random bytes in base64"
_LONGEST_CONTACT = 500


class PeopleSettings(NamedTuple):
    """``access`` is whom the gateway answers: everybody, those invited, or those listed.

    ``introduction`` is whether an introduction stands above a person's first answer.

    ``handover_url`` is told what people say who ask for a human, signed with ``handover_key``.
    ``human_contact`` is a sentence about where humans are found otherwise. ``human_hours`` and
    ``human_timezone`` are theirs, as for an assistant. ``forget_url`` is told who is to be
    forgotten, signed with ``forget_key``. ``erasure_key`` is what the names of forgotten people are
    hashed with; where it is empty, Twilio's token. Each may be empty.
    """

    introduction: bool = False
    privacy_url: str = ""
    handover_url: str = ""
    handover_key: bytes = b""
    human_contact: str = ""
    human_hours: str = ""
    human_timezone: str = ""
    forget_url: str = ""
    forget_key: bytes = b""
    erasure_key: str = ""
    access: str = ACCESS[0]

    def __repr__(self) -> str:
        """Show nothing of what is secret."""
        return type(self).__name__

    @property
    def has_humans(self) -> bool:
        """Whether there is anything to say of humans."""
        return bool(self.handover_url or self.human_contact)


def read(settings: Settings) -> PeopleSettings:
    """Read the settings; what contradicts another one is noted as wrong."""
    hours, timezone = settings.text("HUMAN_HOURS"), settings.text("HUMAN_TIMEZONE")
    if hours and not timezone:
        settings.refuse("HUMAN_TIMEZONE", "is needed beside HUMAN_HOURS: one like Europe/Berlin")
    url = settings.url("HANDOVER_URL")
    forget_url = settings.url("ASSISTANT_FORGET_URL")
    return PeopleSettings(
        introduction=settings.flag("INTRODUCTION", default=PeopleSettings().introduction),
        privacy_url=settings.url("PRIVACY_URL"),
        handover_url=url,
        handover_key=_key(settings, url, "HANDOVER"),
        human_contact=_contact(settings),
        human_hours=hours,
        human_timezone=timezone,
        forget_url=forget_url,
        forget_key=_key(settings, forget_url, "ASSISTANT_FORGET"),
        erasure_key=settings.secret("ERASURE_KEY"),
        access=settings.choice("ACCESS", ACCESS),
    )


def _key(settings: Settings, url: str, name: str) -> bytes:
    """Return the key to what a URL is told, both of which are called by a name."""
    secret = settings.secret(f"{name}_SECRET")
    if url.startswith("http:") and not settings.is_loopback(f"{name}_URL"):
        reason = "must begin with https://: what is told of people would travel open to everybody"
        settings.refuse(f"{name}_URL", reason)
    if url and not secret:
        settings.refuse(f"{name}_SECRET", f"is needed beside {name}_URL: {_FORM}")
    if not secret:
        return b""
    key = _decoded(secret)
    if len(key) < _LEAST_BYTES:
        settings.refuse(f"{name}_SECRET", f"must be {_FORM}")
    return key


def _decoded(secret: str) -> bytes:
    from base64 import b64decode  # noqa: PLC0415 - only where there is a secret

    try:
        return b64decode(secret.partition(SECRET_PREFIX)[2], validate=True)
    except ValueError:  # which binascii's is, too
        return b""


def _contact(settings: Settings) -> str:
    contact = settings.text("HUMAN_CONTACT")
    if len(contact) > _LONGEST_CONTACT:
        settings.refuse("HUMAN_CONTACT", f"must have at most {_LONGEST_CONTACT} characters")
    return contact
