"""Configuration: one frozen value, read once from the environment and checked as a whole."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from lib.address import parse_address
from lib.errors import AddressError, ConfigurationError
from lib.settings import backends, forms
from lib.settings.forms import LOOPBACK
from lib.settings.reader import Settings

_SECRET_PREFIX = "ASSISTANT_"  # noqa: S105 - a prefix of names, no secret
# Waiting for the pace, all tries and the last time-out; see lib.turn.deliver.
_LONGEST_SEND = 20.0
_AUTH_MODES = ("none", "id_token", "api_key", "bearer", "google")


@dataclass(frozen=True, slots=True)
class TwilioConfig:
    """The Twilio account and the URLs Twilio was told."""

    account_sid: str = ""
    auth_token: str = field(default="", repr=False)
    auth_token_secondary: str = field(default="", repr=False)
    shared_key: str = field(default="", repr=False)
    api_key_sid: str = ""
    api_key_secret: str = field(default="", repr=False)
    whatsapp_number: str = ""
    api_base_url: str = ""
    webhook_url: str = ""
    status_callback_url: str = ""
    validate_signature: bool = True
    typing_indicator: bool = False
    reopening_content: str = ""
    per_second: float = 80.0
    recipient_seconds: float = 6.0
    recipient_burst: int = 45

    @property
    def is_set(self) -> bool:
        """Whether an account is configured, or another place than Twilio to find one.

        The account of an example for tests is none.
        """
        named = self.account_sid != forms.TEST_ACCOUNT and (self.account_sid or self.auth_token)
        return bool(named or self.api_base_url)

    @property
    def is_real(self) -> bool:
        """Whether an account is configured that is not played on this machine."""
        return self.is_set and not is_on_this_machine(self.api_base_url)


@dataclass(frozen=True, slots=True)
class AssistantConfig:
    """Where assistants are reached, and how long one may take in seconds.

    ``backend`` is what the assistant speaks that nobody described, and is asked for ``model``;
    ``backend_reason`` says how that is known.
    """

    url: str = ""
    path: str = "/vac/assistant/{assistant_id}"
    auth: str = "none"
    api_key: str = field(default="", repr=False)
    timeout: float = 110.0
    default_id: str = "default-assistant"
    file: Path = Path("assistants.yaml")
    backend: str = backends.VAC
    backend_reason: str = "nothing says otherwise"
    model: str = ""


@dataclass(frozen=True, slots=True)
class TurnConfig:
    """The times of a turn, in seconds; see ``docs/turn.md``."""

    lease: float = 60.0
    settling: float = 5.0
    chunk_wait: float = 1.5


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """Who may write, and how much; 0 means without limit."""

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    messages_per_minute: int = 30
    questions_per_contact: int = 0
    questions_per_day: int = 0


BUDGETED = LimitsConfig(questions_per_contact=100, questions_per_day=5000)
"""The limits of a real account for which none are set."""


@dataclass(frozen=True, slots=True)
class KeepingConfig:
    """For how many days things are kept; 0 means for ever."""

    history: int = 365
    dead_letters: int = 90


@dataclass(frozen=True, slots=True)
class GoogleConfig:
    """The Google Cloud project, or the emulators that stand for it."""

    project: str = ""
    topic: str = "whatsapp-inbound"
    pubsub_emulator: str = ""
    firestore_emulator: str = ""
    pubsub_endpoint: str = "pubsub.googleapis.com"
    metadata_host: str = "metadata.google.internal"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the environment decides.

    ``secrets`` are the variables an assistant's settings may name: those that start with
    ``ASSISTANT_``, so that no entry of a catalogue can reach Twilio's token.
    """

    twilio: TwilioConfig = field(default_factory=TwilioConfig)
    assistant: AssistantConfig = field(default_factory=AssistantConfig)
    google: GoogleConfig = field(default_factory=GoogleConfig)
    turn: TurnConfig = field(default_factory=TurnConfig)
    limits: LimitsConfig = field(default_factory=LimitsConfig)
    keeping: KeepingConfig = field(default_factory=KeepingConfig)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    host: str = ""
    port: int = 1956
    data_dir: Path = Path(".data")
    demo_assistants: bool = False
    service: str = ""
    debug: bool = False
    vac_debug: bool = False

    @property
    def has_twilio(self) -> bool:
        """Whether all three of Twilio's settings are there."""
        return not missing_twilio(self)

    @property
    def is_loopback(self) -> bool:
        """Whether the process listens to this machine only."""
        return self.host in LOOPBACK

    def secret(self, name: str) -> str:
        """Look up a secret that an assistant's settings name.

        Raises:
            ConfigurationError: the variable is not set, can be no secret, or may not be named.
        """
        if not name.startswith(_SECRET_PREFIX):
            raise ConfigurationError(f"an api_key_env must start with {_SECRET_PREFIX}: {name}")
        if not self.secrets.get(name):
            raise ConfigurationError(f"{name} is not set")
        complaint = forms.secret_complaint(name, self.secrets[name].strip())
        if complaint:
            raise ConfigurationError(f"{name} {complaint}")
        return self.secrets[name].strip()


Complaints = Iterable[tuple[str, str]]
"""Names of settings, each with what is wrong with it."""


def load(
    environ: Mapping[str, str], further: Callable[[Config], Complaints] = lambda _config: ()
) -> Config:
    """Read the whole configuration; ``further`` tells what else is wrong with it.

    Raises:
        ConfigurationError: names every setting that is wrong, one a line.
    """
    settings = Settings(environ)
    twilio = _twilio(settings)
    config = Config(
        twilio=twilio,
        assistant=_assistant(settings),
        google=_google(settings),
        turn=_turn(settings),
        limits=_limits(settings, real=twilio.is_real),
        keeping=_keeping(settings),
        secrets={k: v for k, v in environ.items() if k.startswith(_SECRET_PREFIX)},
        host=settings.bind("HOST"),
        port=settings.number("PORT", 1956, low=0, high=65535),
        data_dir=Path(settings.text("DATA_DIR", ".data")),
        demo_assistants=settings.flag("DEMO_ASSISTANTS", default=False),
        service=settings.text("K_SERVICE"),
        debug=settings.flag("WHATSAPP_DEBUG", default=False),
        vac_debug=settings.flag("VAC_DEBUG", default=False),
    )
    if config.service and not twilio.validate_signature:
        settings.refuse("TWILIO_VALIDATE_SIGNATURE", "cannot be false on Google Cloud")
    if config.service and twilio.account_sid == forms.TEST_ACCOUNT:
        settings.refuse("TWILIO_ACCOUNT_SID", "is for tests only")
    for name, reason in further(config):
        settings.refuse(name, reason)
    settings.check()
    return config


def is_on_this_machine(url: str) -> bool:
    """Whether a URL, if there is one, is of this machine."""
    return urlsplit(url).hostname in LOOPBACK


def missing_twilio(config: Config) -> list[str]:
    """The names of the Twilio settings that are not there."""
    twilio = config.twilio
    wanted = {
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        "TWILIO_WHATSAPP_NUMBER": twilio.whatsapp_number,
    }
    return [name for name, value in wanted.items() if not value]


def require(missing: list[str]) -> None:
    """Raise a ConfigurationError that names everything missing, if anything is."""
    if missing:
        raise ConfigurationError("not set: " + ", ".join(missing))


def require_loopback(config: Config) -> None:
    """Raise a ConfigurationError unless it is safe to take unsigned requests.

    Source: the design's rule that signatures may only be ignored where nobody else can reach them.
    """
    if not config.is_loopback:
        raise ConfigurationError(
            "TWILIO_VALIDATE_SIGNATURE=false needs HOST=127.0.0.1: unsigned requests are taken "
            "from this machine only"
        )


def environment(env_file: Path = Path(".env")) -> Mapping[str, str]:
    """The process's environment; locally an ``.env`` file fills in what is not set.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    if "K_SERVICE" in os.environ or not os.path.lexists(env_file):
        return os.environ
    from lib.settings import env_file as settings_file

    return {**settings_file.read(env_file), **os.environ}


def present(names: Iterable[str]) -> dict[str, bool]:
    """Whether each of these settings has any value, be it right or wrong."""
    try:
        environ = environment()
    except ConfigurationError:
        environ = os.environ
    return {name: bool(environ.get(name, "").strip()) for name in names}


def _twilio(settings: Settings) -> TwilioConfig:
    defaults = TwilioConfig()
    # The limits protect a real number; a Twilio played on this machine has none to lose.
    played = settings.is_loopback("TWILIO_API_BASE_URL")
    # Nor is what is asked in the open Twilio, wherever it is.
    strict = not (played or settings.text("TWILIO_API_BASE_URL").startswith("http://"))
    if settings.text("TWILIO_API_KEY_SID") and not settings.text("TWILIO_API_KEY_SECRET"):
        settings.refuse("TWILIO_API_KEY_SECRET", "is needed with TWILIO_API_KEY_SID")
    return TwilioConfig(
        account_sid=settings.account("TWILIO_ACCOUNT_SID"),
        auth_token=settings.secret("TWILIO_AUTH_TOKEN"),
        auth_token_secondary=settings.secret("TWILIO_AUTH_TOKEN_SECONDARY"),
        shared_key=settings.secret("TWILIO_WEBHOOK_SHARED_KEY"),
        api_key_sid=settings.sid("TWILIO_API_KEY_SID"),
        api_key_secret=settings.secret("TWILIO_API_KEY_SECRET"),
        whatsapp_number=settings.sender("TWILIO_WHATSAPP_NUMBER"),
        api_base_url=settings.base_url("TWILIO_API_BASE_URL"),
        webhook_url=settings.public_url(
            "TWILIO_WEBHOOK_URL", other="/whatsapp/status", strict=strict
        ),
        status_callback_url=settings.public_url(
            "TWILIO_STATUS_CALLBACK_URL", other="/whatsapp/webhook", strict=strict
        ),
        validate_signature=settings.flag("TWILIO_VALIDATE_SIGNATURE", default=True),
        typing_indicator=settings.flag("TWILIO_TYPING_INDICATOR", default=False),
        reopening_content=settings.sid("TWILIO_KNOCK_CONTENT_SID"),
        per_second=settings.amount(
            "TWILIO_MESSAGES_PER_SECOND", 0.0 if played else defaults.per_second, high=10_000
        ),
        recipient_seconds=settings.amount(
            "TWILIO_RECIPIENT_SECONDS", 0.0 if played else defaults.recipient_seconds, high=3600
        ),
        recipient_burst=settings.number(
            "TWILIO_RECIPIENT_BURST", defaults.recipient_burst, low=1, high=1000
        ),
    )


def _assistant(settings: Settings) -> AssistantConfig:
    defaults = AssistantConfig()
    told = settings.choice("ASSISTANT_BACKEND", backends.CHOICES)
    backend = backends.backend_of(told, settings)
    url = backends.base_of(settings.base_url("ASSISTANT_API_URL"))
    key = settings.secret("ASSISTANT_API_KEY")
    auth = settings.choice("ASSISTANT_API_AUTH", _AUTH_MODES)
    if backend.name == backends.OPENAI and key and not settings.text("ASSISTANT_API_AUTH"):
        auth = "bearer"  # as all of them have it
    if auth in {"api_key", "bearer"} and not key:
        settings.refuse("ASSISTANT_API_KEY", f"is needed where ASSISTANT_API_AUTH is {auth}")
    if auth == "google" and not backends.is_google(url):
        settings.refuse("ASSISTANT_API_AUTH", "can be google for Google's own APIs only")
    return AssistantConfig(
        url=url,
        path=settings.path("ASSISTANT_API_PATH", defaults.path),
        auth=auth,
        api_key=key,
        timeout=settings.seconds("ASSISTANT_API_TIMEOUT", defaults.timeout, high=120.0),
        default_id=settings.word("DEFAULT_ASSISTANT_ID", defaults.default_id),
        file=Path(settings.text("ASSISTANTS_FILE", str(defaults.file))),
        backend=backend.name,
        backend_reason=backend.reason,
        model=settings.title("ASSISTANT_MODEL"),
    )


def _google(settings: Settings) -> GoogleConfig:
    defaults = GoogleConfig()
    return GoogleConfig(
        project=settings.word("GOOGLE_CLOUD_PROJECT"),
        topic=settings.word("PUBSUB_TOPIC", defaults.topic),
        pubsub_emulator=settings.host("PUBSUB_EMULATOR_HOST"),
        firestore_emulator=settings.host("FIRESTORE_EMULATOR_HOST"),
        pubsub_endpoint=settings.host("PUBSUB_ENDPOINT", defaults.pubsub_endpoint),
        metadata_host=settings.host("GCE_METADATA_HOST", defaults.metadata_host),
    )


def _turn(settings: Settings) -> TurnConfig:
    defaults = TurnConfig()
    turn = TurnConfig(
        lease=settings.seconds("TURN_LEASE_SECONDS", defaults.lease, high=600.0),
        settling=settings.seconds("SEND_SETTLE_SECONDS", defaults.settling, high=60.0),
        chunk_wait=settings.amount("CHUNK_WAIT_SECONDS", defaults.chunk_wait, high=20.0),
    )
    least = _LONGEST_SEND + turn.settling + turn.chunk_wait
    if turn.lease < least:
        settings.refuse("TURN_LEASE_SECONDS", f"must be {least:g} at least: longer than one send")
    return turn


def _limits(settings: Settings, *, real: bool) -> LimitsConfig:
    # Without budgets one person, or a script, could spend any amount of a real account's money.
    defaults = BUDGETED if real else LimitsConfig()
    most = 1_000_000_000
    return LimitsConfig(
        allowed=_contacts(settings, "ALLOWED_CONTACTS"),
        blocked=_contacts(settings, "BLOCKED_CONTACTS"),
        messages_per_minute=settings.number(
            "MESSAGES_PER_MINUTE", defaults.messages_per_minute, low=0, high=most
        ),
        questions_per_contact=settings.number(
            "QUESTIONS_PER_CONTACT", defaults.questions_per_contact, low=0, high=most
        ),
        questions_per_day=settings.number(
            "QUESTIONS_PER_DAY", defaults.questions_per_day, low=0, high=most
        ),
    )


def _keeping(settings: Settings) -> KeepingConfig:
    defaults, most = KeepingConfig(), 36_500
    return KeepingConfig(
        history=settings.number("KEEP_DAYS", defaults.history, low=0, high=most),
        dead_letters=settings.number(
            "KEEP_DEAD_LETTERS_DAYS", defaults.dead_letters, low=0, high=most
        ),
    )


def _contacts(settings: Settings, name: str) -> frozenset[str]:
    written = settings.text(name).replace(",", " ").split()
    try:
        return frozenset(map(parse_address, written))
    except AddressError:
        settings.refuse(name, "must be phone numbers like +14155238886, with commas between them")
        return frozenset()
