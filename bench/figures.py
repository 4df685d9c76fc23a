"""Medians and percentiles of few, noisy figures."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """What was measured again and again, in one unit."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the values."""
        return statistics.median(self.values)

    def text(self, digits: int, unit: str) -> str:
        """Return the median with the least and the greatest value."""
        least, most = (f"{one:.{digits}f}" for one in (min(self.values), max(self.values)))
        return f"{self.median:.{digits}f} {unit} ({least}..{most})"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least value that at least this share of the values does not exceed."""
    if not values:
        raise ValueError("there are no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def ratio(measured: Sample, floor: Sample) -> float:
    """Return how many times the floor was measured: the median of the rounds.

    The n-th values of both are of one round, so that a machine that is slower for a while is
    so for both.
    """
    pairs = zip(measured.values, floor.values, strict=True)
    return statistics.median(above / below for above, below in pairs)
