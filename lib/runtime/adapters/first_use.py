"""Modules that are loaded at their first use: when an answer came, or when any needs them."""

from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.storage.firestore.storage import FirestoreStorage
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


def load_while_awaited(storage: "FirestoreStorage", sender: "TwilioSender") -> None:
    """Load what an answer is shown and sent with while it is awaited; see decision 0034.

    All else comes first, above all what a turn begins with: one thread computes at a time.
    """
    from lib.errors import ShortageError
    from lib.shortage import start_thread

    storage.load()
    # Whoever needs it first loads it, if there is no thread to do so meanwhile.
    with suppress(ShortageError):
        start_thread(partial(_load_for_answers, sender), "load-ahead")


def _load_for_answers(sender: "TwilioSender") -> None:
    for name in _OF_ANSWERS:
        import_module(name)
    sender.load()


def load(sender: "TwilioSender") -> None:
    """Load them all: for a process that has time now, and may have no descriptor left later.

    Python remembers of some things that they failed to load, and tries them never again.
    """
    from lib.web.ahead import load_ahead

    for name in (*_OF_ANSWERS, *_SELDOM):
        import_module(name)
    load_ahead()
    sender.load()
