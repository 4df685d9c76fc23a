"""Contact cards: written as WhatsApp writes them, and read for the page to show."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lib.media.cards import cards, count
from simulator.twilio.media import Medium

CARDS = frozenset({"text/vcard", "text/x-vcard"})
"""The types of cards."""

_PHONE = re.compile(r"\+?[0-9 ()-]{4,24}")
_SLASH = re.compile(r"[/\\\x00-\x1f]")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,120}")
_MOST_SHOWN = 64 * 1024
_MOST_PEOPLE = 5


class CardError(ValueError):
    """A card that cannot be written; the text is for a person."""


def written_card(value: Any) -> Medium:
    """Return the card of ``name`` and ``phone``, with ``organisation`` and ``email`` if given.

    Its form is what WhatsApp was seen to send: ``waid`` beside the number that has an account.

    Raises:
        CardError: a name or a number is missing, or something cannot be one.
    """
    fields = value if isinstance(value, Mapping) else {}
    name, phone, company, email = (
        str(fields.get(one) or "").strip()[:80]
        for one in ("name", "phone", "organisation", "email")
    )
    if not name or not _PHONE.fullmatch(phone):
        raise CardError("A contact needs a name and a phone number.")
    if email and not _EMAIL.fullmatch(email):
        raise CardError("That is no e-mail address.")
    number = re.sub(r"\D", "", phone)
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:;{_escaped(name)};;;", f"FN:{_escaped(name)}"]
    lines += [f"ORG:{_escaped(company)}"] if company else []
    lines += [f"TEL;type=CELL;waid={number}:{phone}"]
    lines += [f"EMAIL;type=INTERNET:{_escaped(email)}"] if email else []
    data = "\r\n".join([*lines, "END:VCARD", ""]).encode()
    return Medium("text/vcard", data, f"{_SLASH.sub(' ', name)}.vcf")


def card_view(medium: Medium) -> list[dict[str, Any]]:
    """Return the people of a card as the page shows them; none where it cannot be read."""
    if len(medium.data) > _MOST_SHOWN:
        return []
    found = cards(medium.data, _MOST_PEOPLE)
    views = [
        _view(one.name, one.organisation, [detail.text for detail in one.details]) for one in found
    ]
    more = count(medium.data) - len(found)
    return [*views, _view(f"and {more} more")] if more > 0 else views


def _view(name: str, organisation: str = "", details: Sequence[str] = ()) -> dict[str, Any]:
    return {"name": name, "organisation": organisation, "details": list(details)}


def _escaped(text: str) -> str:
    plain = re.sub(r"[\x00-\x1f]", " ", text)
    return re.sub(r"([\\,;])", r"\\\1", plain)
