"""What operators switch while the gateway runs: flags of features, and news."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flag:
    """Who has a feature: a ``share`` of all people, in percent, and these ``contacts``.

    With ``assistants`` only those who talk to one of them.
    """

    share: float = 100.0
    contacts: frozenset[str] = frozenset()
    assistants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class News:
    """What everybody is told once, below an answer. ``id`` tells it from what they were told."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Switches:
    """The flags that are set, by feature, and the news, if there are any."""

    flags: Mapping[str, Flag] = field(default_factory=dict)
    news: News | None = None
