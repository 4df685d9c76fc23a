"""What the gateway says about forgetting a person, in WhatsApp's formatting."""

from lib.reply.phrase import Phrase

FORGET = Phrase("help_forget", "/forget - Delete everything that is kept of you")
YES = "yes"
TAP = Phrase("forget_tap", "Forget me")

HOW_TO_FORGET = Phrase(
    "how_to_forget",
    "Send /forget yes to have everything deleted that is kept of you, or /forget to read more.",
)

_SURE = Phrase(
    "forget_sure",
    "🗑️ I can delete everything that I keep of you: your messages and my answers, your files, your "
    "settings and what I know of you, here and at Twilio, which carries the messages. It cannot be "
    "undone.\n\n{stays}\n\nSend /forget yes if you want that.",
)
_FORGOTTEN = Phrase(
    "forgotten",
    "🗑️ You are being forgotten: everything that I keep of you is deleted now. At Twilio it can "
    "take some days.\n\n{stays}\n\nIf you write again, we have never met.",
)
_STAYS = Phrase(
    "forget_stays",
    "{assistants} WhatsApp keeps what it was told for up to 30 days. What is on your phone stays "
    "there. If you sent STOP, or were blocked, a code that says so stays, without your number.",
)
_ELSEWHERE = Phrase(
    "forget_elsewhere",
    "What the assistants' own servers keep is not mine to delete: ask whoever runs this number.",
)
_TOLD = Phrase("forget_told", "Whoever runs the assistants is told to delete their copies.")


def sure(*, elsewhere: bool) -> Phrase:
    """What is asked before a person is forgotten."""
    return _SURE.with_values(stays=_stays(elsewhere=elsewhere))


def forgotten(*, elsewhere: bool) -> Phrase:
    """What is said to a person as the last thing."""
    return _FORGOTTEN.with_values(stays=_stays(elsewhere=elsewhere))


def _stays(*, elsewhere: bool) -> Phrase:
    return _STAYS.with_values(assistants=_TOLD if elsewhere else _ELSEWHERE)
