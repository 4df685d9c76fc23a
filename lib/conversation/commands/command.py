"""What a message commands."""

from dataclasses import dataclass

OFFERING = frozenset({"help", "list", "switch", "language", "forget"})
"""The commands whose answers offer something to choose from."""


@dataclass(frozen=True, slots=True)
class Command:
    """A word after the slash, in lower case, and what follows it with single blanks.

    Of a command with several names it is the first one.
    """

    name: str
    argument: str = ""
