"""The words that stop what is being done for their sender: known before anything else is."""

from lib.model import InboundMessage, MessageKind

WORDS = frozenset(
    {
        *("cancel", "abort", "cancelar", "cancela", "annuler", "abbrechen", "abbruch", "annulla"),
        *("annuller", "afbryd", "avbryt", "إلغاء", "الغاء", "ألغ", "取消", "キャンセル", "中止"),
        "रदद",  # as it is without its marks, which are no letters
    }
)
"""With a slash before them or without; each is the whole message. Those of other languages than
English are the words of the command in ``lib/language/commands.toml``."""

_LONGEST = 40
"""Characters of a message that may be one of them, with everything around it."""


def is_cancel_word(message: InboundMessage) -> bool:
    """Whether a whole message, typed or tapped, is one of the words.

    Case, width, blanks, punctuation and invisible characters do not count.
    """
    if message.kind not in {MessageKind.TEXT, MessageKind.CHOICE} or message.forwarded:
        return False
    given = message.choice.id if message.choice else message.text
    if len(given) > _LONGEST:
        return False
    if not given.isascii():
        import unicodedata  # noqa: PLC0415 - seldom needed, and every message passes here

        given = unicodedata.normalize("NFKC", given)
    return "".join(filter(str.isalnum, given.casefold())) in WORDS
