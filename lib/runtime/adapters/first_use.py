"""Modules that are loaded at their first use: when an answer came, or when any needs them."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.twilio.sender import TwilioSender

_OF_ANSWERS = ("lib.assistant.thinking", "lib.reply.rendering")
# Most messages need none of these.
_SELDOM = (
    "lib.assistant.growing",
    "lib.conversation.choices",
    "lib.conversation.commands.table",
    "lib.conversation.heard",
    "lib.conversation.joining",
    "lib.conversation.translation",
    "lib.language.choose",
    "lib.language.detect",
    "lib.language.names",
    "lib.language.wording",
    "lib.reply.growing",
    "lib.reply.media_texts",
    "lib.reply.unseen",
    "lib.storage.stores.menu_contents",
    "lib.turn.cancelling",
    "lib.turn.early",
    "lib.turn.hearing",
    "lib.turn.joining",
    "lib.turn.rest",
    "lib.turn.settling",
    "lib.turn.speaking",
    "lib.turn.translation",
    "lib.turn.stopped",
    "lib.twilio.menu_contents",
    "lib.twilio.menu_sending",
)


def load_for_answers(sender: "TwilioSender") -> None:
    """Load what an answer is read, formatted and sent with: while it is awaited."""
    for name in _OF_ANSWERS:
        import_module(name)
    sender.load()


def load() -> None:
    """Load them all: for a process that has time now, and may have no descriptor left later."""
    for name in (*_OF_ANSWERS, *_SELDOM):
        import_module(name)
