"""The words that stop what is being done for their sender: known before anything else is."""

from lib.model import InboundMessage, MessageKind

WORDS = frozenset({"cancel", "abort"})
"""With a slash before them or without; each is the whole message."""

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"})
"""The same for words by which somebody opts out of messages, too."""

_LONGEST = 40
"""Characters of a message that may be one of them, with everything around it."""


def is_cancel_word(message: InboundMessage) -> bool:
    """Whether a whole message, typed or tapped, is one of the words.

    Case, width, blanks, punctuation and invisible characters do not count.
    """
    return _is_one_of(WORDS, message)


def overtakes(message: InboundMessage) -> bool:
    """Whether a message stops what is being done, and so overtakes the others of its sender."""
    return _is_one_of(WORDS | STOP_WORDS, message)


def _is_one_of(words: frozenset[str], message: InboundMessage) -> bool:
    if message.kind not in {MessageKind.TEXT, MessageKind.CHOICE} or message.forwarded:
        return False
    given = message.choice.id if message.choice else message.text
    if len(given) > _LONGEST:
        return False
    if not given.isascii():
        import unicodedata  # noqa: PLC0415 - seldom needed, and every message passes here

        given = unicodedata.normalize("NFKC", given)
    return "".join(filter(str.isalnum, given.casefold())) in words
