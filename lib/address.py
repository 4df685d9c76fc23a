"""Addresses of contacts: phone numbers and business-scoped ids.

A WhatsApp user is an E.164 number, or, since 2026 and where the number is hidden, an id such
as ``US.1A2B3C`` or ``US.ENT.1A2B3C`` (Twilio, whatsapp/key-concepts).
"""

import re

from lib.errors import AddressError

_SCHEME = re.compile(r"^\s*whatsapp:", re.IGNORECASE)
_PHONE = re.compile(r"\+[1-9][0-9]{4,14}")
_BUSINESS_SCOPED_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,130}")
_PHONE_PUNCTUATION = re.compile(r"[\s().\u00a0-]+")
_VISIBLE_DIGITS = 4

_FORMS: dict[str, tuple[re.Pattern[str], str, str]] = {
    # Mobile numbers had a 1 after the country until August 2019.
    "+52": (re.compile(r"\+521?([2-9][0-9]{9})"), r"+52\1", r"+521\1"),
    # Mobile numbers, which begin with 6 to 9, got a ninth digit until 2016; landlines did not.
    "+55": (re.compile(r"\+55([1-9]{2})9?([6-9][0-9]{7})"), r"+55\g<1>9\2", r"+55\1\2"),
    # A mobile number is called with a 9 from abroad, and without it in some of WhatsApp's forms.
    "+54": (re.compile(r"\+549?([1-3][0-9]{9})"), r"+549\1", r"+54\1"),
}
"""Countries where one number is written in two ways: what has two, today's form, and the other.

WhatsApp shows some numbers as they were before their country changed its numbering; people and
operators write either. Sources: the countries' numbering plans as notified to the ITU (Mexico
2019, Brazil 2016, Argentina), and WhatsApp's help on international phone numbers.
"""


# What is dialled within the same countries and has no place behind the country's own number: trunk
# prefixes, and the 15 of Argentina's mobile numbers, between the area and the rest.
_AT_HOME: dict[str, tuple[re.Pattern[str], str]] = {
    "+52": (re.compile(r"\+52(?:01|04[45])([2-9][0-9]{9})"), r"+52\1"),
    "+55": (re.compile(r"\+550([1-9]{2}[2-9][0-9]{7,8})"), r"+55\1"),
    "+54": (
        re.compile(
            r"\+54(?:0([1-3][0-9]{9})|0?9?0?(?=[0-9]{12}$)(11|[23][0-9]{2,3})15([0-9]{6,8}))"
        ),
        r"+549\1\2\3",
    ),
}


def parse_address(raw: str) -> str:
    """Return the address in ``raw`` as ``+E164`` or as a business-scoped id.

    Accepts the ``whatsapp:`` prefix, punctuation, ``00`` for ``+``, a blank or nothing where an
    unencoded plus got lost on the way, and what some countries dial at home.

    Raises:
        AddressError: it is neither a phone number nor a business-scoped id.
    """
    bare = _SCHEME.sub("", raw).strip()
    if _BUSINESS_SCOPED_ID.fullmatch(bare):
        return bare
    digits = _PHONE_PUNCTUATION.sub("", bare).removeprefix("+").removeprefix("00")
    phone = f"+{digits}"
    if not _PHONE.fullmatch(phone):
        raise AddressError("not a WhatsApp address")
    return _without_trunk(phone) if phone[:3] in _AT_HOME else phone


def _without_trunk(phone: str) -> str:
    at_home, abroad = _AT_HOME[phone[:3]]
    found = at_home.fullmatch(phone)
    return found.expand(abroad) if found else phone


def is_whatsapp(raw: str) -> bool:
    """Whether the address names WhatsApp as its channel, as Twilio's do; an SMS's names none."""
    return _SCHEME.match(raw) is not None


def is_phone(address: str) -> bool:
    """Whether the address is a phone number rather than a business-scoped id."""
    return address.startswith("+")


def spellings(address: str) -> tuple[str, ...]:
    """Every form of an address, the one in use today first; mostly just itself."""
    form = _FORMS.get(address[:3])
    found = form and form[0].fullmatch(address)
    if not form or not found:
        return (address,)
    return found.expand(form[1]), found.expand(form[2])


def canonical(address: str) -> str:
    """The one form that stands for all forms of an address."""
    return spellings(address)[0] if address[:3] in _FORMS else address


def mask(address: str) -> str:
    """The address as logs may show it: its last characters only."""
    return f"…{address[-_VISIBLE_DIGITS:]}" if len(address) > _VISIBLE_DIGITS else "…"
