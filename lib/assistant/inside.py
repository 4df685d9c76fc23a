"""What hides a text from the person, and the signs that end it."""

from enum import IntEnum, auto

from lib.assistant.wrappings import Kind


class Inside(IntEnum):
    """What hides the text at a place; only its own signs count there."""

    NOTHING = auto()
    THINKING = auto()
    CALL = auto()
    MESSAGE = auto()
    """A message of a conversation that is not the answer; any sign of another one ends it."""


MESSAGES = frozenset({Kind.START, Kind.END, Kind.CHANNEL})
KINDS = {Inside.THINKING: Kind.THINKING, Inside.CALL: Kind.CALL}
INSIDES = {kind: inside for inside, kind in KINDS.items()}
