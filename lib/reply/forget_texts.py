"""What the gateway says about forgetting a person, in WhatsApp's formatting."""

from lib.reply.phrase import Phrase, joined

FORGET = Phrase("help_forget", "/forget - Delete everything that is kept of you")
TAP = Phrase("forget_tap", "Forget me")

HOW_TO_FORGET = Phrase(
    "how_to_forget",
    "Send /forget yes to have everything deleted that is kept of you, or /forget to read more.",
)

_SURE = Phrase(
    "forget_sure",
    "🗑️ I can delete everything that I keep of you: your messages and my answers, your files, your "
    "settings and what I know of you, here and at Twilio, which carries the messages. It cannot be "
    "undone.",
)
_MEANT = Phrase("forget_meant", "Send /forget yes if you want that.")
_FORGOTTEN = Phrase(
    "forgotten",
    "🗑️ You are being forgotten: everything that I keep of you is deleted now. At Twilio it can "
    "take some days.",
)
_NEVER_MET = Phrase("forget_never_met", "If you write again, we have never met.")
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
    return joined("\n\n", _SURE, _stays(elsewhere=elsewhere), _MEANT)


def forgotten(*, elsewhere: bool) -> Phrase:
    """What is said to a person as the last thing."""
    return joined("\n\n", _FORGOTTEN, _stays(elsewhere=elsewhere), _NEVER_MET)


def _stays(*, elsewhere: bool) -> Phrase:
    return _STAYS.with_values(assistants=_TOLD if elsewhere else _ELSEWHERE)
