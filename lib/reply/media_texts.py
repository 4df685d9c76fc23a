"""What the gateway says of media that it could not read, in WhatsApp's formatting."""

UNREADABLE = "I could not read what you attached. Is the file damaged?"
UNREACHED = "I could not get what you attached. Please try again later, or write it to me."

FAULTS = {
    "media_too_large": "What you attached is too large for me to read.",
    "media_protected": "The document is protected by a password, so I cannot read it.",
    "media_pictures_only": (
        "The document has pictures of its pages only and no text that I could read."
    ),
    "media_unreadable": UNREADABLE,
    "media_unsupported": (
        "I cannot read this kind of file. I read pictures, PDF, Word, PowerPoint, Excel and text."
    ),
    "media_unheard": "I cannot listen to recordings yet. Please write it to me.",
    "media_unheard_kind": (
        "I cannot listen to this kind of recording. Please send a voice note, or write it to me."
    ),
    "media_unheard_now": (
        "I cannot listen to recordings right now. Please write it to me, or send it again later."
    ),
    "media_silent": "I heard no words in this. Please record it again, or write it to me.",
    "media_gone": "What you attached is no longer there. Please send it again.",
    "media_refused": UNREACHED,
    "media_configuration": UNREACHED,
    "media_late": "It took too long to read what you attached. Please try again.",
}
"""By the code of the error; whatever has no sentence of its own is called unreadable."""

YES, NO = "Yes", "No"
SAY_IT_AGAIN = "Then please record it again, or write it to me."
UNSEEN = "This assistant cannot see pictures, so it was told only that there are some."


_TOO_LONG = "media_too_long"
_MINUTE = 60


def sentence(fault: str) -> str:
    """What a person is told of a fault: a code, perhaps with a figure behind it."""
    code, _, figure = fault.partition(" ")
    if code == _TOO_LONG and figure.isdecimal():
        return f"Your recording is too long: I listen to {_length(int(figure))} at most."
    return FAULTS.get(code, UNREADABLE)


def quoted(words: str) -> str:
    """Words of the person's own, in one line, as WhatsApp quotes them."""
    return f"> {words}"


def did_you_say(words: str) -> str:
    """What is asked where it is in doubt what somebody said."""
    return f"Did you say: “{words}”?"


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, _MINUTE)
    if rest or not minutes:
        return f"{seconds} seconds"
    return f"{minutes} minutes" if minutes > 1 else "1 minute"
