"""Sentences that the gateway itself says to a person, in WhatsApp's formatting.

What /help and the commands about an answer say is in ``command_texts``.
"""

from collections.abc import Sequence

from lib.model import Assistant
from lib.reply.phrase import Phrase, lines

BLOCKED = Phrase("blocked", "You can't use this service. Please ask the people who run it.")
UNSUPPORTED = Phrase(
    "unsupported",
    "I cannot read this yet. I understand text, pictures, documents, locations and shared "
    "contacts.",
)
NO_ASSISTANT = Phrase(
    "no_assistant", "No assistant is available to you right now. Please try again later."
)
REFUSED = Phrase("refused", "I couldn't reach the assistant. Please try again in a few minutes.")
TIMED_OUT = Phrase(
    "timed_out",
    "The assistant took too long to answer. Please try again, perhaps with a shorter question.",
)
FAILED = Phrase(
    "failed", "Something went wrong while the assistant was answering. Please try again."
)
OVERSIZE = Phrase(
    "oversize",
    "The assistant's answer is too long to be passed on. Please ask for less at once, or for a "
    "summary.",
)
EMPTY = Phrase("empty", "The assistant had no answer to this. Please try to put it in other words.")
DECLINED = Phrase(
    "declined",
    "The assistant declined to answer this. If it should not have, please ask in other words.",
)
BROKE_OFF = Phrase(
    "broke_off", "_(The answer broke off here. Send /again to have it answered anew.)_"
)
INTERRUPTED = Phrase("interrupted", "_(I was interrupted; from the beginning:)_")
STOPPED = Phrase("stopped", "Stopped. What the assistant had already done stays done.")
NOTHING_RUNNING = Phrase("nothing_running", "Nothing was running.")
STILL_AT_IT = Phrase("still_at_it", "⏳ I'm still working on it…")
GIVEN_UP = Phrase(
    "given_up", "I'm sorry, I could not answer your last message. Please send it again."
)
PART_LOST = Phrase(
    "part_lost",
    "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing.",
)
SLOW_DOWN = Phrase(
    "slow_down",
    "You are writing faster than I can answer. Please wait a minute; what you send until then "
    "is not answered.",
)
OPTED_OUT = Phrase(
    "opted_out",
    "✅ From now on you only get answers to what you write yourself. Send START to take this back.",
)
OPTED_IN = Phrase(
    "opted_in", "✅ You get messages from me again. Send STOP at any time to end that."
)
SHORTENED = Phrase("shortened", "_(The answer was longer than fits here; this is its beginning.)_")

_HELP_HINT = Phrase("help_hint", "Send /help to see what I understand.")

_AVAILABLE = Phrase("available", "📋 Available Assistants:")
_NOBODY_CHOSEN = Phrase("nobody_chosen", "🤖 No assistant is chosen. {hint}")
_CURRENT = Phrase("current_assistant", "🤖 Current assistant: {assistant}")
_SWITCHED = Phrase("switched", "✅ Switched to assistant: {assistant}")
_WHICH_ONE = Phrase("which_one", "Which one? Send /switch and the id.")
_UNKNOWN_ASSISTANT = Phrase("unknown_assistant", "❌ I don't know an assistant called “{wanted}”.")
_AMBIGUOUS = Phrase("ambiguous_assistant", "❓ More than one assistant fits “{wanted}”:")
_UNKNOWN_COMMAND = Phrase("unknown_command", "❓ I don't know the command {command}. {hint}")
_NOT_ALLOWED = Phrase("not_allowed", "🔒 You can't use {command} at the moment. {hint}")


def available(assistants: Sequence[Assistant]) -> Phrase:
    """What /list says."""
    if not assistants:
        return NO_ASSISTANT
    return lines(_AVAILABLE, *map(_line, assistants))


def current(assistant: Assistant | None) -> Phrase:
    """What /current says."""
    if assistant is None:
        return _NOBODY_CHOSEN.with_values(hint=_HELP_HINT)
    said = _CURRENT.with_values(assistant=_label(assistant))
    return lines(said, assistant.description) if assistant.description else said


def switched(assistant: Assistant) -> Phrase:
    """The answer to a /switch that worked."""
    return _SWITCHED.with_values(assistant=_label(assistant))


def switch_without_argument(assistants: Sequence[Assistant]) -> Phrase:
    """The answer to a /switch that names nobody."""
    return lines(_WHICH_ONE, "", available(assistants))


def unknown_assistant(wanted: str, assistants: Sequence[Assistant]) -> Phrase:
    """The answer to a /switch to somebody who is not there."""
    said = _UNKNOWN_ASSISTANT.with_values(wanted=quoted(wanted))
    return lines(said, "", available(assistants))


def ambiguous_assistant(wanted: str, found: Sequence[Assistant]) -> Phrase:
    """The answer to a /switch that fits several assistants."""
    return lines(_AMBIGUOUS.with_values(wanted=quoted(wanted)), "", available(found))


def unknown_command(name: str) -> Phrase:
    """The answer to a slash and a word that is no command."""
    return _UNKNOWN_COMMAND.with_values(command=f"/{quoted(name)}", hint=_HELP_HINT)


def not_allowed(name: str) -> Phrase:
    """The answer to a command that this person may not use."""
    return _NOT_ALLOWED.with_values(command=f"/{name}", hint=_HELP_HINT)


def quoted(text: str) -> str:
    """Return what a person wrote as it is repeated to them: not more of it than it takes."""
    longest = 40
    return text if len(text) <= longest else text[:longest] + "…"


def _line(assistant: Assistant) -> Phrase:
    return Phrase("", "• {assistant}", {"assistant": _label(assistant)})


def _label(assistant: Assistant) -> str:
    return f"{assistant.name} ({assistant.id})"
