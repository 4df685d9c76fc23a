"""Configuration: one frozen value, read once from the environment and checked as a whole."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from lib import loopback
from lib.errors import ConfigurationError
from lib.settings import (
    assistant,
    google,
    joining,
    keeping,
    limits,
    media,
    people,
    speaking,
    transcribing,
    turn,
    twilio,
    whisper,
)
from lib.settings.assistant import AssistantSettings
from lib.settings.google import GoogleSettings
from lib.settings.joining import JoiningSettings
from lib.settings.keeping import KeepingSettings
from lib.settings.limits import LimitsSettings
from lib.settings.media import MediaSettings
from lib.settings.people import PeopleSettings
from lib.settings.reader import Settings
from lib.settings.speaking import SpeakingSettings
from lib.settings.transcribing import TranscribingSettings
from lib.settings.turn import TurnSettings
from lib.settings.twilio import TwilioSettings
from lib.settings.whisper import WhisperSettings

Complaints = Iterable[tuple[str, str]]
"""Names of settings, each with what is wrong with it."""


class Config(NamedTuple):
    """Everything the environment decides: the settings of each feature, and of the process.

    ``misspelt`` are variables that are no settings, each with the one that is likely meant.
    """

    twilio: TwilioSettings = TwilioSettings()
    assistant: AssistantSettings = AssistantSettings()
    google: GoogleSettings = GoogleSettings()
    turn: TurnSettings = TurnSettings()
    limits: LimitsSettings = LimitsSettings()
    joining: JoiningSettings = JoiningSettings()
    media: MediaSettings = MediaSettings()
    speaking: SpeakingSettings = SpeakingSettings()
    transcribing: TranscribingSettings = TranscribingSettings()
    whisper: WhisperSettings = WhisperSettings()
    keeping: KeepingSettings = KeepingSettings()
    people: PeopleSettings = PeopleSettings()
    host: str = ""
    port: int = 1956
    data_dir: Path = Path(".data")
    demo_assistants: bool = False
    debug: bool = False
    vac_debug: bool = False
    misspelt: Mapping[str, str] = MappingProxyType({})

    @property
    def is_loopback(self) -> bool:
        """Whether the process listens to this machine only."""
        return self.host in loopback.HOSTS


def load(
    environ: Mapping[str, str], further: Callable[[Config], Complaints] = lambda _config: ()
) -> Config:
    """Read the whole configuration; ``further`` tells what else is wrong with it.

    Raises:
        ConfigurationError: names every setting that is wrong, one a line.
    """
    settings = Settings(environ)
    config = read(settings)
    for name, reason in further(config):
        settings.refuse(name, reason)
    settings.check()
    return config._replace(misspelt=settings.misspelt())


def read(settings: Settings) -> Config:
    """Read the settings of every feature; what is wrong with them is noted."""
    account = twilio.read(settings)
    return Config(
        twilio=account,
        assistant=assistant.read(settings),
        google=google.read(settings),
        turn=turn.read(settings),
        limits=limits.read(settings, real=account.is_real),
        joining=joining.read(settings),
        media=media.read(settings),
        speaking=speaking.read(settings),
        transcribing=transcribing.read(settings),
        whisper=whisper.read(settings),
        keeping=keeping.read(settings),
        people=people.read(settings),
        host=settings.bind("HOST"),
        port=settings.number("PORT", 1956, low=0, high=65535),
        data_dir=Path(settings.text("DATA_DIR", ".data")),
        demo_assistants=settings.flag("DEMO_ASSISTANTS", default=False),
        debug=settings.flag("WHATSAPP_DEBUG", default=False),
        vac_debug=settings.flag("VAC_DEBUG", default=False),
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
