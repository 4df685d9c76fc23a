"""What the gateway says of media that it could not read, in WhatsApp's formatting."""

from lib.reply.phrase import Phrase

UNREADABLE = Phrase("media_unreadable", "I could not read what you attached. Is the file damaged?")
UNREACHED = Phrase(
    "media_unreached",
    "I could not get what you attached. Please try again later, or write it to me.",
)

FAULTS = {
    "media_too_large": Phrase("media_too_large", "What you attached is too large for me to read."),
    "media_protected": Phrase(
        "media_protected", "The document is protected by a password, so I cannot read it."
    ),
    "media_pictures_only": Phrase(
        "media_pictures_only",
        "The document has pictures of its pages only and no text that I could read.",
    ),
    "media_unreadable": UNREADABLE,
    "media_unsupported": Phrase(
        "media_unsupported",
        "I cannot read this kind of file. I read pictures, PDF, Word, PowerPoint, Excel and text.",
    ),
    "media_unheard": Phrase(
        "media_unheard", "I cannot listen to recordings yet. Please write it to me."
    ),
    "media_gone": Phrase(
        "media_gone", "What you attached is no longer there. Please send it again."
    ),
    "media_unheard_kind": Phrase(
        "media_unheard_kind",
        "I cannot listen to this kind of recording. Please send a voice note, or write it to me.",
    ),
    "media_unheard_now": Phrase(
        "media_unheard_now",
        "I cannot listen to recordings right now. Please write it to me, or send it again later.",
    ),
    "media_silent": Phrase(
        "media_silent", "I heard no words in this. Please record it again, or write it to me."
    ),
    "media_refused": UNREACHED,
    "media_configuration": UNREACHED,
    "media_late": Phrase(
        "media_late", "It took too long to read what you attached. Please try again."
    ),
}
"""By the code of the error; whatever has no sentence of its own is called unreadable."""

YES, NO = Phrase("yes", "Yes"), Phrase("no", "No")
SAY_IT_AGAIN = Phrase("say_it_again", "Then please record it again, or write it to me.")
UNSEEN = Phrase(
    "media_unseen",
    "This assistant cannot see pictures, so it was told only that there are some.",
)

_TOO_LONG = Phrase("media_too_long", "Your recording is too long: I listen to {length} at most.")
_SECONDS = Phrase("seconds", "{count} seconds")
_MINUTE = Phrase("one_minute", "1 minute")
_MINUTES = Phrase("minutes", "{count} minutes")
_DID_YOU_SAY = Phrase("did_you_say", "Did you say: “{words}”?")


def sentence(fault: str) -> Phrase:
    """What a person is told of a fault: a code, perhaps with a figure behind it."""
    code, _, figure = fault.partition(" ")
    if code == _TOO_LONG.key and figure.isdecimal():
        return _TOO_LONG.with_values(length=_length(int(figure)))
    return FAULTS.get(code, UNREADABLE)


def quoted(words: str) -> str:
    """Words of the person's own, in one line, as WhatsApp quotes them."""
    return f"> {words}"


def did_you_say(words: str) -> Phrase:
    """What is asked where it is in doubt what somebody said."""
    return _DID_YOU_SAY.with_values(words=words)


def _length(seconds: int) -> Phrase:
    minutes, rest = divmod(seconds, 60)
    if rest or not minutes:
        return _SECONDS.with_values(count=seconds)
    return _MINUTES.with_values(count=minutes) if minutes > 1 else _MINUTE
