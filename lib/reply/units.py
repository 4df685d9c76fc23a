"""How long a text is for WhatsApp, and how long it may be."""

MOST_UNITS = 1600
"""UTF-16 units in one message: the strictest reading of Twilio's limit."""


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
