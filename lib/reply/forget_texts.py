"""What the gateway says about forgetting a person, in WhatsApp's formatting."""

FORGET = "/forget - Delete everything that is kept of you"
YES = "yes"
TAP = "Forget me"

_HERE = (
    "your messages and my answers, your files, your settings and what I know of you, here and at "
    "Twilio, which carries the messages"
)
_PHONE = "What is on your phone stays there"
_META = "WhatsApp keeps what it was told for up to 30 days"
_ELSEWHERE = (
    "What the assistants' own servers keep is not mine to delete: ask whoever runs this number"
)
_TOLD = "Whoever runs the assistants is told to delete their copies"

HOW_TO_FORGET = (
    "Send /forget yes to have everything deleted that is kept of you, or /forget to read more."
)


def sure(*, elsewhere: bool) -> str:
    """What is asked before a person is forgotten."""
    return (
        f"🗑️ I can delete everything that I keep of you: {_HERE}. It cannot be undone.\n\n"
        f"{_stays(elsewhere=elsewhere)}\n\n"
        "Send /forget yes if you want that."
    )


def forgotten(*, elsewhere: bool) -> str:
    """What is said to a person as the last thing."""
    return (
        "🗑️ You are being forgotten: everything that I keep of you is deleted now. At Twilio it "
        f"can take some days.\n\n{_stays(elsewhere=elsewhere)}\n\n"
        "If you write again, we have never met."
    )


def _stays(*, elsewhere: bool) -> str:
    who = _TOLD if elsewhere else _ELSEWHERE
    kept = "If you sent STOP, or were blocked, a code that says so stays, without your number"
    return f"{who}. {_META}. {_PHONE}. {kept}."
