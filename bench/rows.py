"""A row of the table: one figure beside its floor and its target."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``value`` is in ``unit`` and compared with ``target``, a most or a least.

    A row without a ``target`` only informs. ``floor`` and ``measured`` are what a reader sees,
    ``raw`` every single value behind them.
    """

    what: str
    floor: str
    measured: str
    value: float
    unit: str = "×"
    target: float | None = None
    at_most: bool = True
    ratio: float | None = None
    note: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target

    @property
    def share(self) -> float:
        """How much of what is allowed is used: 1 is the target, less is better."""
        if self.target is None:
            raise ValueError(f"no target: {self.what}")
        return self.value / self.target if self.at_most else self.target / self.value

    @property
    def target_text(self) -> str:
        """The target in words."""
        if self.target is None:
            return "–"
        bound = "at most" if self.at_most else "at least"
        return f"{bound} {in_unit(self.target, self.unit)}"


def in_unit(value: float, unit: str) -> str:
    """Return a figure as it is read: no more digits than mean anything."""
    digits = 2 if unit in {"×", "s"} and value < 10 else 1 if value < 10 else 0  # noqa: PLR2004
    number = f"{value:.{digits}f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number}{'' if unit == '×' else ' '}{unit}".strip()
