"""What the gateway says of exports, in WhatsApp's formatting, and on the page in one, in none."""

from lib.reply.phrase import Phrase

EXPORT = Phrase("help_export", "/export - Get everything that is kept of you")

READY = Phrase(
    "export_ready", "📦 This file has everything that I keep of you, to read and for programs:"
)
NOTED = Phrase("export_noted", "📦 A link to everything that I keep of you.")
NOWHERE = Phrase(
    "export_nowhere",
    "📦 There is no place here from which you could get a file. Ask whoever runs this number for "
    "what is kept of you.",
)
TOO_MUCH = Phrase(
    "export_too_much",
    "📦 What I keep of you is too much for a link. Ask whoever runs this number for it.",
)
NO_ROOM = Phrase(
    "export_no_room", "📦 There is no room for your file right now. Please try again in an hour."
)

TITLE = Phrase("export_title", "Everything that is kept of you")
PERSON = Phrase("export_person", "You")
ASSISTANT = Phrase("export_assistant", "Assistant")
SETTINGS = Phrase("export_settings", "Settings and what is remembered")
CONSENTS = Phrase("export_consents", "What you allowed and refused")
PERMISSIONS = Phrase("export_permissions", "What operators have set for you")
CONVERSATION = Phrase("export_conversation", "Conversation")
FILES = Phrase("export_files", "Files")
NOTHING = Phrase("export_nothing", "Nothing")

_UNTIL = Phrase(
    "export_until",
    "The link works until {time} UTC, for everybody who has it: please do not pass it on.",
)
_MADE = Phrase("export_made", "As of {time} UTC")
_ALL = Phrase("export_all", "All of it, with what is not shown on this page, is in {file}.")


def until(time: str) -> Phrase:
    """When a link ends, and who may use it."""
    return _UNTIL.with_values(time=time)


def made(time: str) -> Phrase:
    """When an export was made."""
    return _MADE.with_values(time=time)


def all_of_it(file: str) -> Phrase:
    """Where everything stands."""
    return _ALL.with_values(file=file)
