"""A contact that an answer names as a card for the address book: vCard 3.0 (RFC 2426)."""

import re

from lib.model import OutboundKind, OutboundMedia

_SPECIAL = re.compile(r"([\\,;])")
_UNSAFE = re.compile(r"[^\w .-]")
_MOST_NAME = 80


def contact_card(name: str, number: str) -> OutboundMedia:
    """Return somebody's card, which is yet to be kept where it can be fetched.

    ``number`` is ``+E164``.
    """
    shown = " ".join(name.split())[:_MOST_NAME]
    written = _SPECIAL.sub(r"\\\1", shown)
    lines = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{written};;;;",
        f"FN:{written}",
        f"TEL;TYPE=CELL:{number}",
        "END:VCARD",
    )
    file = _UNSAFE.sub("", shown).strip(" .") or "contact"
    card = "".join(f"{line}\r\n" for line in lines)
    return OutboundMedia(OutboundKind.CONTACT, name=f"{file}.vcf", words=card)
