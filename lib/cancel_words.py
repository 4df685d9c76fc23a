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
    given = message.choice.id if message.choice else message.text
    return not message.opt_out and _letters(message, given) in WORDS


def overtakes(message: InboundMessage) -> bool:
    """Whether a message stops what is being done, and so overtakes the others of its sender."""
    given = message.choice.id if message.choice else message.text
    letters = _letters(message, given)
    if letters == _FORGET:
        return given.lstrip()[:1] in {"/", "／"}
    if message.opt_out == "stop" or letters in WORDS or letters in STOP_WORDS:
        return True
    return letters in STOP_LABELS or (message.choice is not None and is_stop_label(message))


def is_stop_label(message: InboundMessage) -> bool:
    """Whether WhatsApp's own button was tapped, or its words were typed."""
    shown = (message.choice.id, message.choice.title) if message.choice else (message.text,)
    return any(_letters(message, one) in STOP_LABELS for one in shown)


def _letters(message: InboundMessage, given: str) -> str:
    """Return the letters of what a short message gives, as if typed plainly; of any other none."""
    if message.kind not in {MessageKind.TEXT, MessageKind.CHOICE} or message.forwarded:
        return ""
    if len(given) > _LONGEST:
        return ""
    if not given.isascii():
        import unicodedata  # noqa: PLC0415 - seldom needed, and every message passes here

        given = unicodedata.normalize("NFKC", given)
    return "".join(filter(str.isalnum, given.casefold()))
