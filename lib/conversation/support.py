"""What there is of humans who take over from an assistant."""

from collections.abc import Callable
from dataclasses import dataclass

from lib.model.human import HandoverEvent
from lib.people.hours import Hours


@dataclass(frozen=True, slots=True)
class Support:
    """``tell`` tells those who take over; None where nobody does, and ``contact`` is all there is.

    ``contact`` says in a sentence of the operator's where humans are found otherwise. ``hours`` are
    those of the humans, if they are known.
    """

    tell: Callable[[HandoverEvent], None] | None = None
    contact: str = ""
    hours: Hours | None = None
