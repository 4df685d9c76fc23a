"""What the gateway says about the language it writes in, in WhatsApp's formatting."""

from collections.abc import Iterable

from lib.reply.phrase import Phrase, lines
from lib.reply.texts import quoted

CHOSEN = Phrase("language_chosen", "✅ From now on I write to you in English.")
AUTOMATIC = Phrase(
    "language_automatic", "✅ From now on I write in the language that you write in."
)

_NOW = Phrase("language_now", "🌐 I write to you in English, as you wished.")
_NOW_AUTOMATIC = Phrase(
    "language_now_automatic",
    "🌐 I write to you in English. I go by the language that you write in.",
)
_HOW = Phrase(
    "language_how",
    "To choose another one, send /language and its name; {auto} goes by what you write.",
).with_values(auto="/language auto")
_UNKNOWN = Phrase("language_unknown", "🌐 I don't write “{wanted}” yet. These are my languages:")


def present(names: Iterable[str], *, chosen: bool) -> Phrase:
    """What /language says: the language now, whether it was ``chosen``, and all there are."""
    now = _NOW if chosen else _NOW_AUTOMATIC
    return lines(now, *_list(names), _HOW)


def unknown(wanted: str, names: Iterable[str]) -> Phrase:
    """The answer to a /language that is not spoken here."""
    return lines(_UNKNOWN.with_values(wanted=quoted(wanted)), *_list(names), _HOW)


def _list(names: Iterable[str]) -> Iterable[Phrase]:
    return (Phrase("", "• {name}", {"name": name}) for name in names)
