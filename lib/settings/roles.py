"""What each part of the gateway cannot do without: the one table of it."""

from collections.abc import Callable, Mapping
from typing import Literal

from lib.errors import ConfigurationError
from lib.settings.config import Config

Role = Literal[
    "webhook",
    "status",
    "tick",
    "responder",
    "health",
    "media",
    "standalone",
    "assistants",
    "erasing",
]
"""A function, a gateway on one machine with a Twilio account, or the command of that name."""

Need = tuple[str, Callable[[Config], object]]
"""A setting, and what tells whether a configuration has it, or does without."""

_ACCOUNT: Need = ("TWILIO_ACCOUNT_SID", lambda config: config.twilio.account_sid)
_TOKEN: Need = ("TWILIO_AUTH_TOKEN", lambda config: config.twilio.auth_token)
_NUMBER: Need = ("TWILIO_WHATSAPP_NUMBER", lambda config: config.twilio.whatsapp_number)
_PROJECT: Need = ("GOOGLE_CLOUD_PROJECT", lambda config: config.google.project)
_ASSISTANT: Need = ("ASSISTANT_API_URL", lambda config: config.assistant.url)
# What a request from Twilio is checked with, where any is checked.
_SIGNED_ACCOUNT: Need = (
    "TWILIO_ACCOUNT_SID",
    lambda config: config.twilio.account_sid or not config.twilio.validate_signature,
)
_SIGNING_KEY: Need = (
    "TWILIO_AUTH_TOKEN",
    lambda config: (
        config.twilio.auth_token or config.twilio.shared_key or not config.twilio.validate_signature
    ),
)

NEEDS: Mapping[Role, tuple[Need, ...]] = {
    "webhook": (_SIGNED_ACCOUNT, _SIGNING_KEY, _PROJECT),
    "status": (_SIGNED_ACCOUNT, _SIGNING_KEY, _PROJECT),
    "tick": (_PROJECT,),
    "responder": (_ACCOUNT, _TOKEN, _NUMBER, _PROJECT, _ASSISTANT),
    "health": (_ACCOUNT, _TOKEN, _NUMBER, _PROJECT),
    # Without a bucket it serves nothing, and says so: see lib.settings.media_urls.
    "media": (),
    "standalone": (_ACCOUNT, _TOKEN, _NUMBER),
    "assistants": (_PROJECT,),
    # What the tick does, too, while anybody is being forgotten.
    "erasing": (_ACCOUNT, _TOKEN, _PROJECT),
}
"""The health check answers without any of its own: those are what it tells about."""


def names(role: Role) -> tuple[str, ...]:
    """The names of the settings that a role needs."""
    return tuple(name for name, _ in NEEDS[role])


def missing(role: Role, config: Config, *, local: bool = False) -> tuple[str, ...]:
    """The names of those that are not set; ``local`` is whether Google Cloud has no part in it."""
    needed = [need for need in NEEDS[role] if not (local and need is _PROJECT)]
    return tuple(name for name, is_met in needed if not is_met(config))


def require(role: Role, config: Config, *, local: bool = False) -> None:
    """Raise a ConfigurationError that names everything a role lacks, if it lacks anything."""
    absent = missing(role, config, local=local)
    if absent:
        raise ConfigurationError("not set: " + ", ".join(absent))


def require_loopback(config: Config) -> None:
    """Raise a ConfigurationError unless it is safe to take unsigned requests.

    Source: the design's rule that signatures may only be ignored where nobody else can reach them.
    """
    if not config.is_loopback:
        raise ConfigurationError(
            "TWILIO_VALIDATE_SIGNATURE=false needs HOST=127.0.0.1: unsigned requests are taken "
            "from this machine only"
        )
