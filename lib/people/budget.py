"""What answers cost, and what may be spent: amounts of a currency that nobody names.

They are whole numbers of millionths, so that sums are exact. Settings of an assistant:
``price_in`` and ``price_out`` of a million tokens, ``price_per_question`` and ``budget_per_day``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import ceil

MILLIONTHS = 1_000_000

CHARACTERS_PER_TOKEN = 4
"""By which tokens are estimated where an assistant tells of none."""

NEARLY = 80
"""Percent of a budget: whoever has used so much is told."""

PRICES = ("price_in", "price_out", "price_per_question")
AMOUNTS = (*PRICES, "budget_per_day")
"""The settings of an assistant that are amounts."""

_MOST = 1_000_000_000


class AmountError(ValueError):
    """An amount that cannot be read; the text names the setting, and says why."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a question to an assistant costs, in millionths; the first two by a million tokens."""

    per_million_read: int = 0
    per_million_written: int = 0
    per_question: int = 0

    def cost(self, read: int, written: int) -> int:
        """Return what a question costs that took so many tokens, rounded up."""
        taken = read * self.per_million_read + written * self.per_million_written
        return -(-taken // MILLIONTHS) + self.per_question


def amount(setting: str, written: str) -> int:
    """Return the millionths of an amount like 0.25; nothing written is nothing.

    Raises:
        AmountError: it is no number, or none from 0 to 1,000,000,000.
    """
    try:
        value = Decimal(written.strip() or "0")
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= _MOST:
        raise AmountError(f"{setting} is an amount from 0 to 1000000000, like 0.25")
    # Rounded up: an amount that is not nothing stays so.
    return ceil(value * MILLIONTHS)


def written(millionths: int) -> str:
    """Return an amount as it is written in settings."""
    whole, rest = divmod(millionths, MILLIONTHS)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def price_of(settings: Mapping[str, str]) -> Price | None:
    """Return what an assistant's settings tell of its price; None where they tell nothing.

    Raises:
        AmountError: one of them cannot be read.
    """
    if not any(settings.get(name) for name in PRICES):
        return None
    return Price(*(amount(name, settings.get(name, "")) for name in PRICES))


def estimated_tokens(*texts: str) -> int:
    """Return about how many tokens texts are."""
    return -(-sum(map(len, texts)) // CHARACTERS_PER_TOKEN)


def percent(used: int, limit: int) -> int:
    """Return how much of a limit is used, rounded down; all of it where nothing is allowed."""
    return min(100, used * 100 // limit) if limit > 0 else 100
