"""Whether what people write in pieces is one question."""

from typing import NamedTuple

from lib.settings.reader import Settings


class JoiningSettings(NamedTuple):
    """``bursts``: whether short messages, one right after the other, are answered together."""

    bursts: bool = True


def read(settings: Settings) -> JoiningSettings:
    """Read the setting."""
    return JoiningSettings(bursts=settings.flag("JOIN_BURSTS", default=JoiningSettings().bursts))
