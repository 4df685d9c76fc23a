"""Filling in what a newcomer has not configured: built-in Twilio and built-in assistants."""

from dataclasses import dataclass, fields
from pathlib import Path

from lib.people.hours import Hours, HoursError, read
from lib.settings import roles
from lib.settings.assistant import AssistantSettings
from lib.settings.config import Complaints, Config
from lib.settings.forms import WHERE
from lib.settings.people import PeopleSettings
from lib.settings.turn import TurnSettings
from lib.settings.twilio import TwilioSettings

# Settings of the account the built-in simulator plays; they open nothing anywhere else.
SIMULATED = TwilioSettings(
    account_sid="AC" + "0" * 32,
    auth_token="simulated",  # noqa: S106 - known only to the simulator of this process
    whatsapp_number="+14155238886",
    validate_signature=False,
    typing_indicator=True,
)


PLAYED_SETTLING = 1.0
"""Seconds after which the played Twilio surely lists what it took."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """Where the services are that are played; empty where the real one is used.

    ``public_url`` is the address under which Twilio reaches the gateway. ``catalogue`` is a file
    of assistants, ``timeout`` a limit in seconds; both only where nothing else is set.
    """

    twilio_url: str = ""
    public_url: str = ""
    assistants_url: str = ""
    catalogue: str = ""
    timeout: float = 0.0

    def arguments(self) -> list[str]:
        """Return them as command-line options."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return [
            word
            for name, value in given.items()
            if value
            for word in (f"--{name.replace('_', '-')}", str(value))
        ]

    def fill(self, config: Config) -> Config:
        """Return the configuration with the stand-ins in it."""
        if self.twilio_url:
            config = config._replace(twilio=self._twilio(config), turn=_brisk(config.turn))
        if self.assistants_url:
            assistant = config.assistant._replace(
                url=self.assistants_url, auth="none", backend="vac", model=""
            )
            file = Path(self.catalogue) if self.catalogue else assistant.file
            timeout = self.timeout or assistant.timeout
            config = config._replace(assistant=assistant._replace(file=file, timeout=timeout))
        return config

    def _twilio(self, config: Config) -> TwilioSettings:
        return SIMULATED._replace(
            whatsapp_number=config.twilio.whatsapp_number or SIMULATED.whatsapp_number,
            api_base_url=self.twilio_url,
            status_callback_url=f"{self.public_url}/whatsapp/status",
        )


def _brisk(turn: TurnSettings) -> TurnSettings:
    """What is in doubt settles at once where Twilio is played on the same machine."""
    chosen = turn.settling != TurnSettings().settling
    return turn if chosen else turn._replace(settling=PLAYED_SETTLING)


def wants_simulator(config: Config) -> bool:
    """Whether nothing of Twilio is configured, so that the built-in simulator stands in."""
    return not config.twilio.is_set


def complaints(config: Config) -> Complaints:
    """Tell what a gateway on this machine lacks, each with the way out."""
    yield from _of_the_model(config.assistant)
    if config.whisper.model and not (config.whisper.model / "model.bin").is_file():
        yield "WHISPER_MODEL_DIR", "has no model.bin: see docs/voice.md for what belongs there"
    yield from _of_the_humans(config.people)
    unsigned = wants_simulator(config) or not config.twilio.validate_signature
    if unsigned and not on_loopback(config).is_loopback:
        yield (
            "HOST",
            (
                "must be 127.0.0.1, or left out, where signatures are not checked: unsigned "
                "requests are taken from this machine only"
            ),
        )
    if wants_simulator(config):
        return
    for name in roles.missing("standalone", config):
        yield name, f"is not set, and other settings of Twilio are; {WHERE[name]}"
    if config.twilio.is_real and not config.demo_assistants and not has_own_assistant(config):
        yield (
            "ASSISTANT_API_URL",
            (
                "is not set, so the demo would answer real people. Set it to the address of your "
                "assistant; or, if that is what you want: DEMO_ASSISTANTS=true"
            ),
        )


def _of_the_model(assistant: AssistantSettings) -> Complaints:
    if assistant.model and not assistant.url:
        yield (
            "ASSISTANT_API_URL",
            "is not set, but ASSISTANT_MODEL is: set it to the server, up to /v1",
        )
    is_lost = assistant.backend == "openai" and not assistant.model
    if is_lost and assistant.url and not assistant.file.exists():
        yield (
            "ASSISTANT_MODEL",
            (
                f"is not set, but the assistant is taken to be OpenAI-compatible "
                f"({assistant.backend_reason}): name one of its models; or set "
                "ASSISTANT_BACKEND=vac"
            ),
        )


def _of_the_humans(people: PeopleSettings) -> Complaints:
    if not people.human_hours:
        return
    try:
        read(Hours(people.human_hours, people.human_timezone))
    except HoursError as error:
        wrong = "HUMAN_TIMEZONE" if str(error).startswith("timezone") else "HUMAN_HOURS"
        yield wrong, f"cannot be read: {error}"


def has_own_assistant(config: Config) -> bool:
    """Whether each assistant that may be asked is somewhere else than in the demo.

    Raises:
        ConfigurationError: the file of assistants is wrong.
    """
    if config.assistant.url:
        return True
    file = config.assistant.file
    if not file.exists():
        return False
    from lib.storage.catalogue import file as catalogue  # noqa: PLC0415 - only where there is one

    enabled = [one for one in catalogue.load(file).assistants if one.enabled]
    default = config.assistant.default_id
    return any(one.id == default for one in enabled) and all(
        one.settings.get("url") for one in enabled
    )


def on_loopback(config: Config) -> Config:
    """Return the configuration bound to this machine unless a host was chosen."""
    return config._replace(host=config.host or "127.0.0.1")
