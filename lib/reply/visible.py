"""What cannot be seen, taken out of a text: nothing of it may reach a phone.

Control characters and terminal colours do harm or nothing; marks that turn the direction of text
disguise links; characters without width carry what nobody reads. Most texts have none of these,
which is told here at once; the rules are in ``lib.reply.unseen``.
"""

import re

# Blocks of pictures, most of all emoji: a variation selector behind one, and a joiner between two,
# is what an emoji is made of.
_PICTURES = "\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u2bff\U0001f000-\U0001faff"
# No character that is not to be seen is missing here; a few are too many.
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c"
    "\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U00013430-\U0001345f\U0001bca0-\U0001bcaf\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
    + "".join(chr(0x10000 * plane + end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
)
_SUSPECT = re.compile(
    f"[{_UNSEEN}\ufe0f\u200d](?:(?<=[{_UNSEEN}])|(?<=\ufe0f)(?<![{_PICTURES}].)"
    f"|(?<=\u200d)(?:(?![{_PICTURES}])|(?<![{_PICTURES}\ufe0f].)))",
    re.DOTALL,
)
# Characters that surely have a shape: one of them is in nearly every text.
_SURELY_SEEN = re.compile(
    "[!-~\xa1-\xac\xae-\u034e\u0400-\u0482\u05d0-\u05ea\u0620-\u064a\u4e00-\u9fff]"
)


def clean(text: str) -> str:
    """Return the text without what cannot be seen; nothing at all if nothing can be seen."""
    if _SUSPECT.search(text):
        from lib.reply.unseen import cleaned  # noqa: PLC0415 - slow to import, and seldom needed

        text = cleaned(text)
    return text if not text or _SURELY_SEEN.search(text) or _is_seen(text) else ""


def _is_seen(text: str) -> bool:
    from lib.reply.unseen import is_seen  # noqa: PLC0415 - as above

    return is_seen(text)
