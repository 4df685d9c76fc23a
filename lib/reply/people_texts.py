"""What the gateway says of itself, of hours and of humans, in WhatsApp's formatting."""

HUMAN = "/human - Ask for a human"

INTRODUCTION_VERSION = "1"
"""Raised where the introduction says something else than before: everybody is told again."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

HUMAN_CALLED = (
    "🙋 I have asked a human to take over. Until then I am silent, and what you write is passed "
    "on. Send /bot to talk to me again."
)
HUMAN_UNREACHED = (
    "🙋 I could not reach anybody to take over just now. I try it again with your next message; "
    "until then I am silent. Send /bot to talk to me again."
)
HUMAN_HAS_IT = (
    "🙋 A human has been asked to take over, and what you write is passed on. Send /bot to talk to "
    "me again."
)
HUMAN_IN_HOURS = "Somebody is there now."
HUMAN_OVER = "_(For 12 hours nobody wrote, so I answer again. Send /human to ask for a human.)_"
HUMAN_GONE = "_(There is no human any more who could take over, so I answer again.)_"
NOBODY_THERE = "🙋 There is no human here who could take over."
PASSED_ON = "📨 Passed on. Whatever else you write is passed on, too."
BOT_BACK = "🤖 I answer you again. Send /human to ask for a human."
BOT_ALREADY = "🤖 It is me who answers you already."


def introduction(name: str, privacy_url: str, *, human: bool) -> str:
    """What is said above a person's first answer."""
    who = f"👋 I am {name}, an AI assistant" if name else "👋 I am an AI assistant"
    asks = "/help shows what I understand"
    help_line = f"{asks}, /human asks for a human." if human else f"{asks}."
    privacy = f" How your data are treated: {privacy_url}" if privacy_url else ""
    return f"{who}: what I say can be wrong. {help_line}{privacy}"


def human_hours(opening: str) -> str:
    """When a human is there again."""
    return f"Somebody is there again {opening}."


def away(name: str, opening: str) -> str:
    """What is said outside an assistant's hours; ``opening`` is empty where nobody knows."""
    if not opening:
        return f"🌙 {name} is not there at the moment."
    return (
        f"🌙 {name} is not there at the moment, but again {opening}. Send /again then to have this "
        "answered."
    )


def away_but_answers(opening: str) -> str:
    """What is said outside an assistant's hours where it answers all the same; above the answer."""
    again = f" These begin again {opening}." if opening else ""
    return f"🌙 It is outside our hours, but I answer all the same.{again}"


def away_for(name: str, other: str, opening: str) -> str:
    """The same where another assistant answers meanwhile; above its answer."""
    again = f" It is there again {opening}." if opening else ""
    return f"🌙 {name} is not there at the moment, so {other} answers.{again}"


def opening(days: int, weekday: int, day: str, time: str, zone: str) -> str:
    """When somebody is there again, in so many ``days``; Monday is 0."""
    nearest = {0: "today", 1: "tomorrow"}
    name = WEEKDAYS[weekday]
    week = 7
    when = nearest.get(days) or (f"on {name}" if days < week else f"on {name}, {day},")
    return f"{when} at {time} ({zone})"
