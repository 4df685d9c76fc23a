"""What a message commands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A word after the slash, in lower case, and what follows it with single blanks.

    Of a command with several names it is the first one.
    """

    name: str
    argument: str = ""
