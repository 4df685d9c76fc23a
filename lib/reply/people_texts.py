"""What the gateway says of itself, of hours and of humans, in WhatsApp's formatting."""

from lib.reply.phrase import Phrase, joined, lines

HUMAN = Phrase("help_human", "/human - Ask for a human")

INTRODUCTION_VERSION = 1
"""Raised where the introduction says something else than before: everybody is told again."""

WEEKDAYS = (
    Phrase("monday", "on Monday"),
    Phrase("tuesday", "on Tuesday"),
    Phrase("wednesday", "on Wednesday"),
    Phrase("thursday", "on Thursday"),
    Phrase("friday", "on Friday"),
    Phrase("saturday", "on Saturday"),
    Phrase("sunday", "on Sunday"),
)
TODAY, TOMORROW = Phrase("today", "today"), Phrase("tomorrow", "tomorrow")

HUMAN_CALLED = Phrase(
    "human_called",
    "🙋 I have asked a human to take over. Until then I am silent, and what you write is passed "
    "on. Send /bot to talk to me again.",
)
HUMAN_UNREACHED = Phrase(
    "human_unreached",
    "🙋 I could not reach anybody to take over just now. I try it again with your next message; "
    "until then I am silent. Send /bot to talk to me again.",
)
HUMAN_HAS_IT = Phrase(
    "human_has_it",
    "🙋 A human has been asked to take over, and what you write is passed on. Send /bot to talk to "
    "me again.",
)
HUMAN_IN_HOURS = Phrase("human_in_hours", "Somebody is there now.")
HUMAN_OVER = Phrase(
    "human_over",
    "_(For 12 hours nobody wrote, so I answer again. Send /human to ask for a human.)_",
)
HUMAN_GONE = Phrase(
    "human_gone", "_(There is no human any more who could take over, so I answer again.)_"
)
NOBODY_THERE = Phrase("nobody_there", "🙋 There is no human here who could take over.")
PASSED_ON = Phrase("passed_on", "📨 Passed on. Whatever else you write is passed on, too.")
BOT_BACK = Phrase("bot_back", "🤖 I answer you again. Send /human to ask for a human.")
BOT_ALREADY = Phrase("bot_already", "🤖 It is me who answers you already.")

_I_AM = Phrase("i_am", "👋 I am {name}, an AI assistant: what I say can be wrong.")
_I_AM_AN_AI = Phrase("i_am_an_ai", "👋 I am an AI assistant: what I say can be wrong.")
_ASKS = Phrase("introduction_help", "/help shows what I understand.")
_ASKS_OR_HUMAN = Phrase(
    "introduction_help_human", "/help shows what I understand, /human asks for a human."
)
_PRIVACY = Phrase("introduction_privacy", "How your data are treated: {url}")
_HUMAN_HOURS = Phrase("human_hours", "Somebody is there again {when}.")
_AWAY = Phrase("away", "🌙 {name} is not there at the moment.")
_AWAY_UNTIL = Phrase(
    "away_until",
    "🌙 {name} is not there at the moment, but again {when}. Send /again then to have this "
    "answered.",
)
_AWAY_BUT_ANSWERS = Phrase(
    "away_but_answers", "🌙 It is outside our hours, but I answer all the same."
)
_HOURS_BEGIN = Phrase("hours_begin", "These begin again {when}.")
_AWAY_FOR = Phrase("away_for", "🌙 {name} is not there at the moment, so {other} answers.")
_IS_BACK = Phrase("is_back", "It is there again {when}.")
_OPENING = Phrase("opening", "{day} at {time} ({zone})")
_OPENING_ON = Phrase("opening_on", "{day}, {date}, at {time} ({zone})")
_WEEK = 7


def introduction(name: str, privacy_url: str, *, human: bool) -> Phrase:
    """What is said above a person's first answer."""
    who = _I_AM.with_values(name=name) if name else _I_AM_AN_AI
    said = [who, _ASKS_OR_HUMAN if human else _ASKS]
    if privacy_url:
        said.append(_PRIVACY.with_values(url=privacy_url))
    return joined(" ", *said)


def with_human_hours(sentence: Phrase, opening: Phrase) -> Phrase:
    """Say behind a sentence when a human is there again."""
    return joined(" ", sentence, _HUMAN_HOURS.with_values(when=opening))


def with_human_there(sentence: Phrase) -> Phrase:
    """Say behind a sentence that a human is there."""
    return joined(" ", sentence, HUMAN_IN_HOURS)


def nobody(contact: str) -> Phrase:
    """What is said where nobody takes over; ``contact`` is the operator's sentence, or empty."""
    return lines(NOBODY_THERE, contact) if contact else NOBODY_THERE


def away(name: str, opening: Phrase | None) -> Phrase:
    """What is said outside an assistant's hours; ``opening`` is None where nobody knows."""
    if opening is None:
        return _AWAY.with_values(name=name)
    return _AWAY_UNTIL.with_values(name=name, when=opening)


def away_but_answers(opening: Phrase | None) -> Phrase:
    """What is said outside an assistant's hours where it answers all the same; above the answer."""
    if opening is None:
        return _AWAY_BUT_ANSWERS
    return joined(" ", _AWAY_BUT_ANSWERS, _HOURS_BEGIN.with_values(when=opening))


def away_for(name: str, other: str, opening: Phrase | None) -> Phrase:
    """The same where another assistant answers meanwhile; above its answer."""
    said = _AWAY_FOR.with_values(name=name, other=other)
    return said if opening is None else joined(" ", said, _IS_BACK.with_values(when=opening))


def opening(days: int, weekday: int, day: str, time: str, zone: str) -> Phrase:
    """When somebody is there again, in so many ``days``; Monday is 0."""
    named = {0: TODAY, 1: TOMORROW}.get(days, WEEKDAYS[weekday])
    if days < _WEEK:
        return _OPENING.with_values(day=named, time=time, zone=zone)
    return _OPENING_ON.with_values(day=named, date=day, time=time, zone=zone)
