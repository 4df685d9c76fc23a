"""When a refused message comes again, and when it stops coming."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long a message waits after its n-th refusal, in seconds: doubled, with jitter.

    ``even`` is how many more times it waits no longer than the first time.
    """

    first: float = 0.5
    longest: float = 60.0
    even: int = 0

    def after(self, attempt: int) -> timedelta:
        """Return the wait: between half and all of the doubled time."""
        doubled = max(0, attempt - 1 - self.even)
        full = min(self.longest, self.first * 2 ** min(doubled, 30))
        return timedelta(seconds=full * random.uniform(0.5, 1.0))  # noqa: S311 - spread, no secret


DEFAULT_BACKOFF = Backoff()


@dataclass(frozen=True, slots=True)
class LastResort:
    """What becomes of a message that was not acknowledged in ``attempts`` attempts.

    Its push body goes to ``give_up`` with the reason, and the next message of its key goes on.
    A ``give_up`` that raises counts as one more refusal.
    """

    attempts: int
    give_up: Callable[[bytes, str], None]
