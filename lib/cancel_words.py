"""The words that stop what is being done for their sender: known before anything else is.

So does whoever wants to be forgotten, who says so with a slash.
"""

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

_FORGET = "forgetyes"
STOP_WORDS = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"),
        *("baja", "alto", "parar", "cancelar", "pare", "sair", "descadastrar", "arrêt", "arret"),
        *("désabonner", "desabonner", "stopp", "abmelden", "abbestellen", "ferma", "disiscrivi"),
        *("afmeld", "avmeld", "إيقاف", "ايقاف", "توقف", "退订", "退訂", "停止", "配信停止"),
        "रक",  # as above
        "broadcaststop",  # a button of our templates
    }
)
"""The same for words by which somebody opts out of messages, too: those of the keywords."""

STOP_LABELS = frozenset({"stoppromotions", "pararpromoções", "остановитьрекламу"})
"""What stands on WhatsApp's own button for that, which may come with any id."""

_LONGEST = 40
"""Characters of a message that may be one of them, with everything around it."""


def is_cancel_word(message: InboundMessage) -> bool:
    """Whether a whole message, typed or tapped, is one of the words.

    Case, width, blanks, punctuation and invisible characters do not count.
    """
    return not message.opt_out and _letters(message) in WORDS


def overtakes(message: InboundMessage) -> bool:
    """Whether a message stops what is being done, and so overtakes the others of its sender."""
    if message.opt_out == "stop" or is_stop_label(message):
        return True
    letters = _letters(message)
    if letters == _FORGET:
        return _given(message).lstrip()[:1] in {"/", "／"}
    return letters in WORDS or letters in STOP_WORDS


def is_stop_label(message: InboundMessage) -> bool:
    """Whether WhatsApp's own button was tapped, or its words were typed."""
    title = message.choice.title if message.choice else ""
    return not STOP_LABELS.isdisjoint((_letters(message), _letters(message, title)))


def _given(message: InboundMessage) -> str:
    return message.choice.id if message.choice else message.text


def _letters(message: InboundMessage, shown: str | None = None) -> str:
    """Return the letters of a short message, as if typed plainly; nothing of any other one.

    ``shown`` are the words of it that are looked at, if not those it is known by.
    """
    if message.kind not in {MessageKind.TEXT, MessageKind.CHOICE} or message.forwarded:
        return ""
    given = _given(message) if shown is None else shown
    if len(given) > _LONGEST:
        return ""
    if not given.isascii():
        import unicodedata  # noqa: PLC0415 - seldom needed, and every message passes here

        given = unicodedata.normalize("NFKC", given)
    return "".join(filter(str.isalnum, given.casefold()))
