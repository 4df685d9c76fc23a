"""Targets of links: which of them a phone can open."""

import re

# What WhatsApp makes a link of, or an app of the phone takes: RFC 9110 (http, https), 6068
# (mailto), 3966 (tel), 5724 (sms), 5870 (geo), and WhatsApp's own deep links.
SCHEMES = frozenset({"http", "https", "mailto", "tel", "sms", "geo", "whatsapp"})

# Something must follow: ``https://`` alone opens nothing.
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.\-]*):/*[^\s/]")
_SAME_SCHEME = re.compile(r"//[^\s/]")
# A host without its scheme, as people write it; other endings are those of files, too (``.md``).
# The endings are the first ones of the Internet: RFC 1591, section 2.
_HOST = re.compile(
    r"(?:www\.[^\s./]+\.[^\s/]+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|mil|int))"
    r"(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@/:]+@[^\s@/:]+")


def openable(target: str) -> str:
    """Return a link's target as far as a phone can open it, or else nothing.

    Paths, parts of the page and what lives inside an assistant (``sandbox:``) lead nowhere.
    """
    scheme = _SCHEME.match(target)
    if scheme and scheme[1].lower() in SCHEMES:
        return target
    if _SAME_SCHEME.match(target):
        return f"https:{target}"
    return target if _HOST.fullmatch(target) or _EMAIL.fullmatch(target) else ""
