"""Contact cards as lines of text: who somebody is, and how they are reached.

Sources: vCard 2.1 (versit), 3.0 (RFC 2426) and 4.0 (RFC 6350); and cards as WhatsApp writes them,
with ``item1.TEL;waid=...`` and ``item1.X-ABLabel``.
"""

from lib.media.cards import Card, Detail, cards, count
from lib.media.errors import MediaUnreadableError

MOST_PEOPLE = 20

MOST_CHARACTERS = 4_000
"""Of all lines together."""

_MOST_DETAILS = 12
_MOST_OF_ONE = 200
_ROOM_FOR_THE_REST = 40
# What types and labels of cards are called here. Others say nothing that helps to reach anybody.
_LABELS = {
    "cell": "mobile",
    "mobile": "mobile",
    "iphone": "mobile",
    "home": "home",
    "work": "work",
    "business": "work",
    "main": "main",
    "fax": "fax",
    "pager": "pager",
    "school": "school",
    "other": "other",
}


def contacts_text(data: bytes) -> str:
    """Return contact cards as text: a line in brackets for each, and how many are left out.

    Photographs and remarks are skipped, however long; the time that it takes is bounded.

    Raises:
        MediaUnreadableError: no card is in it.
    """
    found = cards(data, MOST_PEOPLE)
    if not found:
        raise MediaUnreadableError("no contact card")
    lines: list[str] = []
    left = MOST_CHARACTERS - _ROOM_FOR_THE_REST
    for line in map(_line, found):
        left -= len(line) + 1
        if left < 0:
            break
        lines.append(line)
    rest = max(count(data), len(found)) - len(lines)
    if rest:
        lines.append(f"[{rest} more contact{'s' if rest > 1 else ''}]")
    return "\n".join(lines)


def _line(card: Card) -> str:
    names = ", ".join(name for name in map(_plain, (card.name, card.organisation)) if name)
    details = list(dict.fromkeys(text for text in map(_told, card.details) if text))
    rest = ["and more"] if len(details) > _MOST_DETAILS else []
    told = "; ".join([names or "without a name", *details[:_MOST_DETAILS], *rest])
    return f"[Contact: {told}]"


def _told(detail: Detail) -> str:
    text = _plain(detail.text)
    if detail.whatsapp and _digits(detail.whatsapp) != _digits(text):
        number = f"+{_digits(detail.whatsapp)}"
        text = f"{text} (WhatsApp {number})" if text else number
    labels = dict.fromkeys(_LABELS[name] for name in detail.types if name in _LABELS)
    own = _plain(detail.label)
    label = _LABELS.get(own.lower(), own) or " ".join(labels)
    return f"{label} {text}" if label and text else text


def _digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))


def _plain(text: str) -> str:
    """A value as a part of a line in brackets, which it can neither end nor begin."""
    text = text.replace("[", "(").replace("]", ")")
    # The joiners are parts of names and of emoji; the other signs that nobody sees are not.
    seen = "".join(sign if sign.isprintable() or sign in "\u200c\u200d" else " " for sign in text)
    plain = " ".join(seen.split())
    return plain if len(plain) <= _MOST_OF_ONE else f"{plain[: _MOST_OF_ONE - 1]}…"
