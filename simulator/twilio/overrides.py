"""Connection overrides in the fragment of a webhook's URL: ``#rc=3&rp=5xx,ct,rt``.

Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag

_POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})


@dataclass(frozen=True, slots=True)
class Overrides:
    """How often and for what a request is repeated; times in seconds."""

    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})
    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0

    def repeats(self, outcome: str) -> bool:
        """Whether ``4xx``, ``5xx``, ``ct`` (no connection) or ``rt`` (no answer) is retried."""
        return "all" in self.policy or outcome in self.policy


def overrides(url: str) -> Overrides:
    """Read the overrides of a URL; what is not understood counts as not given."""
    given = {name: values[-1] for name, values in parse_qs(urldefrag(url).fragment).items()}
    default = Overrides()
    policy = frozenset(given.get("rp", "ct").split(",")) & _POLICIES
    return Overrides(
        retries=int(_within(given.get("rc"), 0, 5, default.retries)),
        policy=policy or default.policy,
        connect=_within(given.get("ct"), 100, 10_000, default.connect * 1000) / 1000,
        read=_within(given.get("rt"), 100, 15_000, default.read * 1000) / 1000,
        total=_within(given.get("tt"), 100, 15_000, default.total * 1000) / 1000,
    )


def _within(text: str | None, low: int, high: int, default: float) -> float:
    if text is None or not text.isdecimal() or not low <= int(text) <= high:
        return default
    return int(text)
