"""A name that is not one person's for ever."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A name of somebody, from and until when it was theirs; None where no end is known."""

    name: str
    since: datetime | None = None
    until: datetime | None = None
