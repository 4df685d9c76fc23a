"""Sentences that the gateway itself says to a person, in WhatsApp's formatting.

What /help and the commands about an answer say is in ``command_texts``.
"""

from collections.abc import Sequence

from lib.model import Assistant

BLOCKED = "You can't use this service. Please ask the people who run it."
UNSUPPORTED = (
    "I cannot read this yet. I understand text, pictures, documents, locations and shared contacts."
)
NO_ASSISTANT = "No assistant is available to you right now. Please try again later."
REFUSED = "I couldn't reach the assistant. Please try again in a few minutes."
TIMED_OUT = (
    "The assistant took too long to answer. Please try again, perhaps with a shorter question."
)
FAILED = "Something went wrong while the assistant was answering. Please try again."
OVERSIZE = (
    "The assistant's answer is too long to be passed on. Please ask for less at once, or for a "
    "summary."
)
EMPTY = "The assistant had no answer to this. Please try to put it in other words."
DECLINED = (
    "The assistant declined to answer this. If it should not have, please ask in other words."
)
BROKE_OFF = "_(The answer broke off here. Send /again to have it answered anew.)_"
INTERRUPTED = "_(I was interrupted; from the beginning:)_"
STOPPED = "Stopped. What the assistant had already done stays done."
NOTHING_RUNNING = "Nothing was running."
STILL_AT_IT = "⏳ I'm still working on it…"
GIVEN_UP = "I'm sorry, I could not answer your last message. Please send it again."
PART_LOST = (
    "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing."
)
SLOW_DOWN = (
    "You are writing faster than I can answer. Please wait a minute; what you send until then "
    "is not answered."
)
OPTED_OUT = (
    "✅ From now on you only get answers to what you write yourself. Send START to take this back."
)
OPTED_IN = "✅ You get messages from me again. Send STOP at any time to end that."
SHORTENED = "_(The answer was longer than fits here; this is its beginning.)_"

_HELP_HINT = "Send /help to see what I understand."


def available(assistants: Sequence[Assistant]) -> str:
    """What /list says."""
    if not assistants:
        return NO_ASSISTANT
    return "\n".join(("📋 Available Assistants:", *map(_line, assistants)))


def current(assistant: Assistant | None) -> str:
    """What /current says."""
    if assistant is None:
        return f"🤖 No assistant is chosen. {_HELP_HINT}"
    about = f"\n{assistant.description}" if assistant.description else ""
    return f"🤖 Current assistant: {_label(assistant)}{about}"


def switched(assistant: Assistant) -> str:
    """The answer to a /switch that worked."""
    return f"✅ Switched to assistant: {_label(assistant)}"


def switch_without_argument(assistants: Sequence[Assistant]) -> str:
    """The answer to a /switch that names nobody."""
    return f"Which one? Send /switch and the id.\n\n{available(assistants)}"


def unknown_assistant(wanted: str, assistants: Sequence[Assistant]) -> str:
    """The answer to a /switch to somebody who is not there."""
    return f"❌ I don't know an assistant called “{_quoted(wanted)}”.\n\n{available(assistants)}"


def ambiguous_assistant(wanted: str, found: Sequence[Assistant]) -> str:
    """The answer to a /switch that fits several assistants."""
    return f"❓ More than one assistant fits “{_quoted(wanted)}”:\n\n{available(found)}"


def unknown_command(name: str) -> str:
    """The answer to a slash and a word that is no command."""
    return f"❓ I don't know the command /{_quoted(name)}. {_HELP_HINT}"


def not_allowed(name: str) -> str:
    """The answer to a command that this person may not use."""
    return f"🔒 You can't use /{name} at the moment. {_HELP_HINT}"


def _line(assistant: Assistant) -> str:
    return f"• {_label(assistant)}"


def _label(assistant: Assistant) -> str:
    return f"{assistant.name} ({assistant.id})"


def _quoted(text: str) -> str:
    longest = 40
    return text if len(text) <= longest else text[:longest] + "…"
