"""Which function gets which setting, and which of them are secrets.

``check`` prints what is missing or wrong, one complaint a line; ``misspelt`` what no function will
read, though it looks like a setting; ``environment NAME`` the variables
of a function as JSON; ``secrets NAME`` the names of its secret settings (``all``: of any function);
``readers SETTING`` the functions that get a secret. KNOWN_SECRETS names the settings that Secret
Manager has already.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from lib import loopback
from lib.errors import ConfigurationError
from lib.settings import config, roles
from lib.settings.forms import WHERE, url_complaint
from lib.settings.reader import Settings

_EVERYWHERE = ("GOOGLE_CLOUD_PROJECT", "WHATSAPP_DEBUG", "VAC_DEBUG")
_SENDER = ("TWILIO_ACCOUNT_SID", "TWILIO_WHATSAPP_NUMBER")
_QUEUE = ("PUBSUB_TOPIC", "PUBSUB_ENDPOINT")
_ASSISTANT = (
    "ASSISTANT_API_URL",
    "ASSISTANT_BACKEND",
    "ASSISTANT_MODEL",
    "ASSISTANT_API_PATH",
    "ASSISTANT_API_AUTH",
    "ASSISTANT_API_TIMEOUT",
    "DEFAULT_ASSISTANT_ID",
)
_SENDING = (
    "TWILIO_API_BASE_URL",
    "TWILIO_API_KEY_SID",
    "TWILIO_STATUS_CALLBACK_URL",
    "TWILIO_TYPING_INDICATOR",
    "TWILIO_KNOCK_CONTENT_SID",
    "TWILIO_MESSAGES_PER_SECOND",
    "TWILIO_RECIPIENT_SECONDS",
    "TWILIO_RECIPIENT_BURST",
    "MENUS",
)
_TURN = (
    "TURN_LEASE_SECONDS",
    "SEND_SETTLE_SECONDS",
    "CHUNK_WAIT_SECONDS",
    "PROGRESS_NOTE_SECONDS",
    "MESSAGES_PER_MINUTE",
    "QUESTIONS_PER_CONTACT",
    "QUESTIONS_PER_DAY",
    "BUDGET_PER_PERSON_DAY",
    "BUDGET_PER_DAY",
    "BLOCKED_CONTACTS",
    "JOIN_BURSTS",
    "MEDIA_MAX_BYTES",
    "MEDIA_TEXT_CHARACTERS",
    "MEDIA_OUT",
    "MEDIA_DELETE_AT_TWILIO",
)
_SPEAKING = ("SPEAK_URL", "SPEAK_MODEL", "SPEAK_VOICE", "SPEAK_CHARACTERS_PER_DAY")
_TRANSCRIBING = (
    "TRANSCRIBE_URL",
    "TRANSCRIBE_MODEL",
    "TRANSCRIBE_MAX_SECONDS",
    "TRANSCRIBE_SHOW",
)
_MEDIA = ("MEDIA_BUCKET", "MEDIA_PUBLIC_URL")
_PEOPLE = (
    "ACCESS",
    "INTRODUCTION",
    "PRIVACY_URL",
    "HANDOVER_URL",
    "HUMAN_CONTACT",
    "HUMAN_HOURS",
    "HUMAN_TIMEZONE",
    "ASSISTANT_FORGET_URL",
)
# What people who are to be forgotten are erased with.
_ERASING = ("TWILIO_API_BASE_URL", "TWILIO_API_KEY_SID", "ASSISTANT_FORGET_URL")
_KEEPING = ("KEEP_DAYS", "KEEP_DEAD_LETTERS_DAYS", "KEEP_SESSIONS_DAYS")

FUNCTIONS: tuple[roles.Role, ...] = ("webhook", "responder", "status", "tick", "health", "media")

ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "webhook": (*_SENDER, *_QUEUE, "TWILIO_WEBHOOK_URL", "ALLOWED_CONTACTS", "BLOCKED_CONTACTS"),
    "responder": (
        *_SENDER,
        *_QUEUE,
        *_ASSISTANT,
        *_SENDING,
        *_TURN,
        *_SPEAKING,
        *_TRANSCRIBING,
        *_PEOPLE,
        *_KEEPING,
        *_MEDIA,
    ),
    "status": (*_SENDER, *_QUEUE, "TWILIO_STATUS_CALLBACK_URL"),
    "tick": (*_QUEUE, *_KEEPING, *_SENDER, *_ERASING, *_MEDIA),
    "health": (*_SENDER, *_MEDIA),
    "media": _MEDIA,
}
"""The settings of each function, beside those that all have."""

_SIGNING_KEY = "MEDIA_SIGNING_KEY"
_LOCK = ("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_SECONDARY", "TWILIO_WEBHOOK_SHARED_KEY")

SECRETS: Mapping[str, tuple[str, ...]] = {
    "webhook": _LOCK,
    "responder": (
        "TWILIO_AUTH_TOKEN",
        "TWILIO_API_KEY_SECRET",
        "ASSISTANT_API_KEY",
        "SPEAK_API_KEY",
        "TRANSCRIBE_API_KEY",
        _SIGNING_KEY,
        "HANDOVER_SECRET",
        "ASSISTANT_FORGET_SECRET",
        "ERASURE_KEY",
    ),
    "status": _LOCK,
    "tick": (
        "TWILIO_AUTH_TOKEN",
        "TWILIO_API_KEY_SECRET",
        _SIGNING_KEY,
        "ASSISTANT_FORGET_SECRET",
    ),
    "health": (),
    "media": (_SIGNING_KEY,),
}
"""The secrets of each function. The responder has every other ``ASSISTANT_...`` setting as well."""

_HINTS = {
    **WHERE,
    "TWILIO_AUTH_TOKEN": f"{WHERE['TWILIO_AUTH_TOKEN']}; it goes to Secret Manager",
    "ASSISTANT_API_URL": "the base URL of your assistant",
}

IN_SECRET_MANAGER = "in-Secret-Manager"  # noqa: S105 - the opposite of one
"""What the health check has for a token: that there is one is all it tells."""


# The last is no host to be called at, but somebody may have copied it from where a server listens.
_THIS_MACHINE = loopback.HOSTS | {"0.0.0.0"}  # noqa: S104 - to refuse it


def environment(function: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a function that are set, and are no secrets."""
    names = (*_EVERYWHERE, *ENVIRONMENT[function], "THREADS")
    found = {name: environ[name] for name in names if environ.get(name)}
    if function == "health":
        found["TWILIO_AUTH_TOKEN"] = IN_SECRET_MANAGER
        # Made together with the bucket.
        found |= {_SIGNING_KEY: IN_SECRET_MANAGER} if "MEDIA_BUCKET" in found else {}
    return found


def secrets(function: str, names: Iterable[str]) -> list[str]:
    """Return which of the names are secrets of a function."""
    return [name for name in sorted(set(names)) if function in readers(name)]


def readers(setting: str) -> list[str]:
    """Return the functions that get a secret setting; none if it is no secret."""
    named = [function for function, secret in SECRETS.items() if setting in secret]
    # An assistant of the catalogue may name a key of its own; see AssistantSettings.secret.
    own_key = setting.startswith("ASSISTANT_") and setting not in _ASSISTANT
    return named or (["responder"] if own_key else [])


def complaints(environ: Mapping[str, str], known_secrets: Iterable[str]) -> Iterator[str]:
    """Say what is missing or wrong, each in one sentence with the way out."""
    known = dict.fromkeys(known_secrets, IN_SECRET_MANAGER)
    told = {**known, **{name: value for name, value in environ.items() if value}}
    for name in _required():
        if not told.get(name):
            yield f"{name} is not set. Put it into .env: {_HINTS[name]}."
    for name in ("ASSISTANT_API_URL", "TWILIO_API_BASE_URL", "SPEAK_URL", "TRANSCRIBE_URL"):
        url = told.get(name, "")
        if not url_complaint(url) and urlsplit(url).hostname in _THIS_MACHINE:
            yield f"{name} is on this machine, where Google Cloud cannot reach it."
    try:
        config.load({**_deployed(told), "K_SERVICE": "any"})
    except ConfigurationError as error:
        yield from (f"{line}." for line in str(error).splitlines())


def misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    """Say what looks like a setting and is none, each in one sentence."""
    reader = Settings(environ)
    config.read(reader)
    for name, likely in reader.misspelt().items():
        yield f"{name} is no setting, and nothing reads it. Is it {likely} that you mean?"


def _required() -> list[str]:
    """The settings that some function needs, but for the project, which ``gcloud`` may know."""
    needed = dict.fromkeys(name for role in FUNCTIONS for name in roles.names(role))
    return [name for name in needed if name != "GOOGLE_CLOUD_PROJECT"]


def _deployed(told: Mapping[str, str]) -> dict[str, str]:
    """The settings that any function gets, as it will see them."""
    plain = {name for function in ENVIRONMENT for name in environment(function, told)}
    secret = {name for name in told if readers(name)}
    return {name: told[name] for name in (plain | secret) & set(told)}


def main(arguments: list[str]) -> None:
    """Print what is asked for."""
    known = os.environ.get("KNOWN_SECRETS", "").split()
    given = [name for name, value in os.environ.items() if value]
    match arguments:
        case ["check"]:
            print(*complaints(os.environ, known), sep="\n")
        case ["misspelt"]:
            print(*misspelt(os.environ), sep="\n")
        case ["environment", function]:
            print(json.dumps(environment(function, os.environ), indent=1, sort_keys=True))
        case ["secrets", "all"]:
            print(*sorted({name for name in (*known, *given) if readers(name)}))
        case ["secrets", function]:
            print(*secrets(function, (*known, *given)))
        case ["readers", setting]:
            print(*readers(setting))
        case _:
            sys.exit(f"not understood: {' '.join(arguments)}")


if __name__ == "__main__":
    main(sys.argv[1:])
