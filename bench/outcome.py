"""What came of a load."""

from dataclasses import dataclass, field

from bench.errors import MeasurementError
from bench.figures import percentile


@dataclass(slots=True)
class Result:
    """What came of a load: ``latencies`` in ms, ``statuses`` by number, times in seconds.

    ``began`` and ``ended`` are of the machine's monotonic clock. ``sent`` are requests that were
    answered, ``lanes`` says how many of each connection's; what ``broke`` was cut off before.
    """

    began: float = 0.0
    ended: float = 0.0
    cpu_seconds: float = 0.0
    broke: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    lanes: list[int] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """How many requests were answered, whatever the answer."""
        return len(self.latencies)

    @property
    def errors(self) -> int:
        """How many requests were answered otherwise than by 2xx, or not at all."""
        bad = sum(n for status, n in self.statuses.items() if not status.startswith("2"))
        return bad + self.broke

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.sent / (self.ended - self.began)

    def latency(self, share: float) -> float:
        """The latency in ms that this share of the answers did not exceed."""
        return percentile(self.latencies, share)

    def require_clean(self) -> None:
        """Raise a MeasurementError if any request failed."""
        if self.errors:
            raise MeasurementError(f"{self.errors} of {self.sent} requests failed: {self.statuses}")
