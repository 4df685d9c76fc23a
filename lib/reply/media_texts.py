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
    "media_refused": UNREACHED,
    "media_configuration": UNREACHED,
    "media_late": Phrase(
        "media_late", "It took too long to read what you attached. Please try again."
    ),
}
"""By the code of the error; whatever has no sentence of its own is called unreadable."""

UNSEEN = Phrase(
    "media_unseen",
    "This assistant cannot see pictures, so it was told only that there are some.",
)
