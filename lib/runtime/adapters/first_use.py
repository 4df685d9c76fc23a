"""Modules that are loaded at their first use, since most messages need none of them."""

from importlib import import_module

_MODULES = (
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


def load() -> None:
    """Load them all: for a process that has time now, and may have no descriptor left later."""
    for name in _MODULES:
        import_module(name)
