"""How long people waited for "Stopped.", and what held up those who waited longest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NEAR = 3.0
"""Seconds before a cancel within which an end of a process may hold it up: another one starts."""

_LONGEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Cancel:
    """When a /cancel was sent, was taken by a webhook, and was answered.

    ``failed``: meanwhile Twilio failed to take something for the same person.
    """

    sent: float
    taken: float
    told: float
    failed: bool = False

    @property
    def seconds(self) -> float:
        """What its person waited."""
        return self.told - self.sent


Ends = Mapping[str, Sequence[float]]
"""When processes ended, by their names."""


def rows(cancels: Sequence[Cancel], stopped: int, ends: Ends) -> dict[str, object]:
    """What the result tells of cancels, of which so many ``stopped`` something."""
    taken = [one for one in cancels if not one.failed]
    calm = [one for one in taken if not _near(one, ends)]
    longest = sorted(cancels, key=lambda one: one.seconds)[: -_LONGEST_SHOWN - 1 : -1]
    return {
        "cancels": f"{len(cancels)}, {stopped} stopped something; told within {_waits(cancels)}",
        "no send failed": f"{len(taken)}, told within {_waits(taken)}",
        "nor process ended": f"{len(calm)}, told within {_waits(calm)}",
        "longest cancels": "; ".join(_story(one, ends) for one in longest),
    }


def _waits(cancels: Sequence[Cancel]) -> str:
    waits = sorted(one.seconds for one in cancels)
    half, most = (waits[int(len(waits) * share)] if waits else 0.0 for share in (0.5, 0.95))
    return f"{half:.2f} s (median), {most:.2f} s (p95)"


def _near(cancel: Cancel, ends: Ends) -> list[tuple[str, float]]:
    """What ended shortly before a cancel or while it was awaited, and when, counted from it."""
    return [
        (name, end - cancel.sent)
        for name, times in ends.items()
        for end in times
        if cancel.sent - NEAR < end < cancel.told
    ]


def _story(cancel: Cancel, ends: Ends) -> str:
    told = [f"{cancel.taken - cancel.sent:.1f} s until taken"]
    told += [f"{name} ended at {at:+.1f} s" for name, at in _near(cancel, ends)]
    if cancel.failed:
        told.append("a send failed")
    return f"{cancel.seconds:.1f} s ({', '.join(told)})"
