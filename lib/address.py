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


def parse_address(raw: str) -> str:
    """Return the address in ``raw`` as ``+E164`` or as a business-scoped id.

    Accepts the ``whatsapp:`` prefix, punctuation, ``00`` for ``+``, and a blank or nothing
    where an unencoded plus got lost on the way.

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
    return phone


def is_phone(address: str) -> bool:
    """Whether the address is a phone number rather than a business-scoped id."""
    return address.startswith("+")


def mask(address: str) -> str:
    """The address as logs may show it: its last characters only."""
    return f"…{address[-_VISIBLE_DIGITS:]}" if len(address) > _VISIBLE_DIGITS else "…"
