"""Speaking to the person of a turn of which something went wrong after it was answered."""

from lib.conversation.commands.parse import parse_command
from lib.conversation.translation import Translator
from lib.errors import EnvelopeError
from lib.model import InboundMessage, Turn
from lib.storage.stores.conversations import Conversations
from lib.turn.question import message_of


def said_to(turn: Turn, text: str, conversations: Conversations) -> str:
    """Return a sentence of ours in the language of a turn's person, of whom all known is read.

    Raises:
        StoreError: it cannot be read now.
    """
    message = _message(turn)
    person = conversations.read(turn.contact or turn.address, "")
    since = person.session.number_since if person.session else None
    is_theirs = since is None or turn.created_at >= since
    assistant = next((one for one in person.assistants if one.id == turn.assistant_id), None)
    is_command = parse_command(message) is not None
    session = person.session if is_theirs else None
    return Translator(message, session, assistant, is_command, spoken_in(turn))(text)


def spoken_in(turn: Turn) -> str:
    """Return the language of what is said in a turn's recordings; empty where nobody knows it."""
    said = (one.transcript for one in turn.heard)
    return next((one.language for one in said if one.text and one.language), "")


def _message(turn: Turn) -> InboundMessage:
    try:
        return message_of(turn)
    except EnvelopeError:
        return InboundMessage(turn.id, turn.address, turn.created_at)
